with

events_by_customer as (

    select
        coalesce(customer_id, 'nobody') as customer_id,
        count(*) as event_count

    from {{ ref('int_cst_events_attributed') }}

    group by coalesce(customer_id, 'nobody')

),

sessions_by_customer as (

    select
        coalesce(customer_id, 'nobody') as customer_id,
        sum(event_count) as event_count

    from {{ ref('int_cst_sessions') }}

    group by coalesce(customer_id, 'nobody')

)

select
    coalesce(events_by_customer.customer_id, sessions_by_customer.customer_id)
        as customer_id,
    events_by_customer.event_count,
    sessions_by_customer.event_count as event_count_in_sessions

from events_by_customer

full outer join sessions_by_customer
    on events_by_customer.customer_id = sessions_by_customer.customer_id

where
    coalesce(events_by_customer.event_count, 0)
    != coalesce(sessions_by_customer.event_count, 0)
