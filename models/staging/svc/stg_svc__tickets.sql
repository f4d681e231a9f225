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

        created_date,

        created_at,
        first_responded_at,
        resolved_at,
        updated_at

    from tickets

)

select * from newest_tickets
