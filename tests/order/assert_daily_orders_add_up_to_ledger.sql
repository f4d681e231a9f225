with

ledger as (

    select
        customer_id,
        sum(order_count) as order_count,
        sum(gross_amount) as gross_amount,
        sum(refund_amount) as refund_amount

    from {{ ref('int_cst_ledger_entries') }}

    group by customer_id

),

orders_daily as (

    select
        customer_id,
        sum(order_count - fully_refunded_order_count) as order_count,
        sum(gross_amount) as gross_amount,
        sum(refund_amount) as refund_amount

    from {{ ref('int_cst_orders_daily') }}

    group by customer_id

)

select
    coalesce(ledger.customer_id, orders_daily.customer_id) as customer_id,
    ledger.order_count,
    orders_daily.order_count as daily_order_count,
    ledger.gross_amount,
    orders_daily.gross_amount as daily_gross_amount,
    ledger.refund_amount,
    orders_daily.refund_amount as daily_refund_amount

from ledger

full outer join orders_daily
    on ledger.customer_id = orders_daily.customer_id

where
    ledger.customer_id is null
    or orders_daily.customer_id is null
    or ledger.order_count != orders_daily.order_count
    or ledger.gross_amount != orders_daily.gross_amount
    or ledger.refund_amount != orders_daily.refund_amount
    -- no customer can return more than they bought
    or ledger.order_count < 0
    or ledger.gross_amount < ledger.refund_amount
