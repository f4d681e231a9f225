-- What each order brought, and what came back of it by the as-of date, is what
-- the ledger has posted to it.
with

orders as (

    select * from {{ ref('dwd_trd_order') }}

    where
        customer_id is not null
        and coalesce(not_counted_reason, '') not in (
            'not_a_purchase', 'after_as_of_date'
        )

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

posted as (

    select
        ledger_entries.order_id,
        sum(ledger_entries.gross_amount) as gross_amount,
        sum(ledger_entries.refund_amount) as refund_amount,
        sum(ledger_entries.order_count) as order_count

    from ledger_entries

    inner join snapshot_dates
        on ledger_entries.posted_date <= snapshot_dates.snapshot_date

    group by ledger_entries.order_id

)

select
    coalesce(orders.order_id, posted.order_id) as order_id,
    orders.gross_amount,
    posted.gross_amount as posted_gross_amount,
    orders.refund_amount,
    posted.refund_amount as posted_refund_amount

from orders

full outer join posted
    on orders.order_id = posted.order_id

where
    orders.order_id is null
    or posted.order_id is null
    or orders.gross_amount != posted.gross_amount
    or orders.refund_amount != posted.refund_amount
    or orders.is_counted != (posted.order_count = 1)
