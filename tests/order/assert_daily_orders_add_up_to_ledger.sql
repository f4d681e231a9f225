with

bookings as (

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
    coalesce(bookings.customer_id, orders_daily.customer_id) as customer_id,
    bookings.order_count,
    orders_daily.order_count as daily_order_count,
    bookings.gross_amount,
    orders_daily.gross_amount as daily_gross_amount,
    bookings.refund_amount,
    orders_daily.refund_amount as daily_refund_amount

from bookings

full outer join orders_daily
    on bookings.customer_id = orders_daily.customer_id

where
    bookings.customer_id is null
    or orders_daily.customer_id is null
    or bookings.order_count != orders_daily.order_count
    or bookings.gross_amount != orders_daily.gross_amount
    or bookings.refund_amount != orders_daily.refund_amount
    -- nobody can return more than they bought
    or bookings.order_count < 0
    or bookings.gross_amount < bookings.refund_amount
