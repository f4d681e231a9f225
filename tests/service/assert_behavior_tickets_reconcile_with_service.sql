-- The slow way: every snapshot looks at every ticket before it.
with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

tickets as (

    select
        coalesce(
            merged_customers.surviving_customer_id, tickets.customer_id
        ) as customer_id,
        tickets.created_date,
        {{ business_date('tickets.resolved_at') }} as resolved_date,
        {{ is_one_of(
            'tickets.ticket_status', cst_var('service_closed_ticket_statuses')
        ) }} as has_closed_status,
        {{ business_date('tickets.updated_at') }} as updated_date

    from {{ ref('stg_svc__tickets') }} as tickets

    left join {{ ref('int_cst_merged_customers') }} as merged_customers
        on tickets.customer_id = merged_customers.customer_id

),

tickets_by_snapshot as (

    select
        customers_on_snapshots.snapshot_date,
        sum(
            case
                when
                    {{ days_between(
                        'tickets.created_date',
                        'customers_on_snapshots.snapshot_date'
                    ) }} < 90
                    then 1
                else 0
            end
        ) as ticket_count,
        sum(
            case
                when
                    tickets.resolved_date
                    <= customers_on_snapshots.snapshot_date
                    then 0
                when
                    tickets.resolved_date is null
                    and tickets.has_closed_status
                    and tickets.updated_date
                    <= customers_on_snapshots.snapshot_date
                    then 0
                else 1
            end
        ) as open_ticket_count

    from customers_on_snapshots

    inner join tickets
        on
            customers_on_snapshots.customer_id = tickets.customer_id
            and customers_on_snapshots.snapshot_date >= tickets.created_date

    group by customers_on_snapshots.snapshot_date

),

behavior_by_snapshot as (

    select
        snapshot_date,
        sum(ticket_count_90d) as ticket_count,
        sum(open_ticket_count) as open_ticket_count

    from {{ ref('int_cst_behavior') }}

    group by snapshot_date

)

select
    behavior_by_snapshot.snapshot_date,
    behavior_by_snapshot.ticket_count,
    tickets_by_snapshot.ticket_count as expected_ticket_count,
    behavior_by_snapshot.open_ticket_count,
    tickets_by_snapshot.open_ticket_count as expected_open_ticket_count

from behavior_by_snapshot

left join tickets_by_snapshot
    on behavior_by_snapshot.snapshot_date = tickets_by_snapshot.snapshot_date

where
    coalesce(behavior_by_snapshot.ticket_count, 0)
    != coalesce(tickets_by_snapshot.ticket_count, 0)
    or coalesce(behavior_by_snapshot.open_ticket_count, 0)
    != coalesce(tickets_by_snapshot.open_ticket_count, 0)
