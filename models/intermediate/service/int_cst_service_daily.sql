{%- set low_csat_score = cst_var('service_low_csat_score') -%}

with

tickets as (

    select * from {{ ref('stg_svc__tickets') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

tickets_dated as (

    select
        coalesce(
            merged_customers.surviving_customer_id, tickets.customer_id
        ) as customer_id,

        tickets.ticket_status,

        tickets.csat_score,
        tickets.nps_score,
        {{ seconds_between(
            'tickets.created_at', 'tickets.first_responded_at'
        ) }} as response_seconds,
        {{ seconds_between('tickets.created_at', 'tickets.resolved_at') }}
            as resolution_seconds,

        tickets.created_date,
        {{ business_date('tickets.first_responded_at') }} as responded_date,
        {{ business_date('tickets.resolved_at') }} as resolved_date,
        -- what has no date of its own is known with the resolution, or else
        -- with the version of the ticket that carries it
        coalesce(
            {{ business_date('tickets.resolved_at') }},
            greatest(
                {{ business_date('tickets.updated_at') }}, tickets.created_date
            )
        ) as settled_date

    from tickets

    left join merged_customers
        on tickets.customer_id = merged_customers.customer_id

),

-- each step of a ticket is known from the day on which it was taken
ticket_steps as (

    select
        *,
        'created' as step,
        created_date as known_date
    from tickets_dated

    union all

    select
        *,
        'responded' as step,
        responded_date as known_date
    from tickets_dated
    where responded_date is not null

    union all

    select
        *,
        'resolved' as step,
        resolved_date as known_date
    from tickets_dated
    where resolved_date is not null

    union all

    select
        *,
        'closed' as step,
        settled_date as known_date
    from tickets_dated
    where
        resolved_date is not null
        or {{ is_one_of(
            'ticket_status', cst_var('service_closed_ticket_statuses')
        ) }}

    union all

    select
        *,
        'rated' as step,
        settled_date as known_date
    from tickets_dated
    where csat_score is not null or nps_score is not null

),

service_daily as (

    select
        customer_id,

        created_date as business_date,
        known_date,

        count(case when step = 'created' then 1 end) as ticket_count,
        count(case when step = 'responded' then 1 end)
            as responded_ticket_count,
        count(case when step = 'resolved' then 1 end) as resolved_ticket_count,
        count(case when step = 'closed' then 1 end) as closed_ticket_count,
        count(case when step = 'rated' then csat_score end)
            as csat_response_count,
        count(
            case
                when step = 'rated' and csat_score <= {{ low_csat_score }}
                    then 1
            end
        ) as low_csat_count,
        count(case when step = 'rated' then nps_score end)
            as nps_response_count,
        count(case when step = 'rated' and nps_score >= 9 then 1 end)
            as nps_promoter_count,
        count(case when step = 'rated' and nps_score <= 6 then 1 end)
            as nps_detractor_count,
        cast(
            coalesce(sum(case when step = 'rated' then csat_score end), 0)
            as bigint
        ) as csat_score_total,
        cast(
            sum(case when step = 'responded' then response_seconds else 0 end)
            as bigint
        ) as response_seconds,
        cast(
            sum(case when step = 'resolved' then resolution_seconds else 0 end)
            as bigint
        ) as resolution_seconds

    from ticket_steps

    group by customer_id, created_date, known_date

)

select * from service_daily
