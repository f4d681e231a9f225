{%- set closed_statuses = cst_var('service_closed_ticket_statuses') -%}
{%- set low_csat_score = cst_var('service_low_csat_score') -%}

with

tickets as (

    select * from {{ ref('stg_svc__tickets') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

tickets_timed as (

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
        {{ business_date('tickets.updated_at') }} as updated_date

    from tickets

    left join merged_customers
        on tickets.customer_id = merged_customers.customer_id

),

tickets_dated as (

    select
        customer_id,

        csat_score,
        nps_score,
        response_seconds,
        resolution_seconds,

        created_date,
        responded_date,
        resolved_date,
        case
            when resolved_date is not null then resolved_date
            when
                ticket_status in (
                    {%- for status in closed_statuses %}
                    '{{ status | lower | replace("'", "''") }}'
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                )
                then greatest(updated_date, created_date)
        end as closed_date,
        -- ratings have no date of their own: they come with the solution, or
        -- else with the version of the ticket that carries them
        case
            when csat_score is not null or nps_score is not null
                then coalesce(
                    resolved_date, greatest(updated_date, created_date)
                )
        end as rated_date

    from tickets_timed

),

-- each step of a ticket is known from the day on which it was taken
ticket_steps as (
    {%- for step in ['created', 'responded', 'resolved', 'closed', 'rated'] %}

    select
        customer_id,
        '{{ step }}' as step,

        csat_score,
        nps_score,
        response_seconds,
        resolution_seconds,

        created_date,
        {{ step }}_date as known_date

    from tickets_dated

    where {{ step }}_date is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

service_daily as (

    select
        customer_id,

        created_date as business_date,
        known_date,
        {%- for measure, condition in {
            'ticket_count': "step = 'created'",
            'responded_ticket_count': "step = 'responded'",
            'resolved_ticket_count': "step = 'resolved'",
            'closed_ticket_count': "step = 'closed'",
            'csat_response_count': "step = 'rated' and csat_score is not null",
            'low_csat_count':
                "step = 'rated' and csat_score <= " ~ low_csat_score,
            'nps_response_count': "step = 'rated' and nps_score is not null",
            'nps_promoter_count': "step = 'rated' and nps_score >= 9",
            'nps_detractor_count': "step = 'rated' and nps_score <= 6",
        }.items() %}

        cast(
            sum(case when {{ condition }} then 1 else 0 end) as bigint
        ) as {{ measure }},
        {%- endfor %}
        cast(
            sum(
                case when step = 'rated' then coalesce(csat_score, 0) else 0 end
            ) as bigint
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

    group by
        customer_id,
        created_date,
        known_date

)

select * from service_daily
