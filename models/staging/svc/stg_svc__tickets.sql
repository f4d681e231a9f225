with

tickets as (

    select * from {{ ref('base_svc__tickets') }}

    where row_status = 'accepted'

),

newest_tickets as (

    select
        ticket_id,
        customer_id,
        order_id,

        ticket_status,
        ticket_channel,
        category,

        csat_score,
        nps_score,

        coalesce(flags like '%dated_early%', false) as is_dated_early,

        created_date,

        created_at,
        {{ not_before('first_responded_at', 'created_at') }}
            as first_responded_at,
        -- a ticket that was opened again keeps the time of its first end
        case
            when {{ is_one_of(
                'ticket_status', cst_var('service_closed_ticket_statuses')
            ) }}
                then {{ not_before('resolved_at', 'created_at') }}
        end as resolved_at,
        updated_at

    from tickets

)

select * from newest_tickets
