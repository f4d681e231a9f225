-- The slow way: every customer's row looks at every ticket before it.
with

behavior as (

    select * from {{ ref('int_cst_behavior') }}

),

tickets as (

    select
        coalesce(
            merged_customers.surviving_customer_id, tickets.customer_id
        ) as customer_id,
        tickets.created_date

    from {{ ref('stg_svc__tickets') }} as tickets

    left join {{ ref('int_cst_merged_customers') }} as merged_customers
        on tickets.customer_id = merged_customers.customer_id

),

newest_tickets as (

    select
        behavior.customer_id,
        behavior.snapshot_date,
        behavior.last_ticket_date,
        max(tickets.created_date) as newest_ticket_date

    from behavior

    left join tickets
        on
            behavior.customer_id = tickets.customer_id
            and behavior.snapshot_date >= tickets.created_date

    group by
        behavior.customer_id,
        behavior.snapshot_date,
        behavior.last_ticket_date

)

select * from newest_tickets

where
    (last_ticket_date is null) != (newest_ticket_date is null)
    or last_ticket_date != newest_ticket_date
