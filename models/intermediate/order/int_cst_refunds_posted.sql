with

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

-- orders, not purchases: a purchase carries the date of its full refund
orders as (

    select * from {{ ref('stg_trd__orders') }}

    where {{ is_one_of('order_status', cst_var('cst_valid_order_statuses')) }}

),

running_totals as (

    select
        refunds.refund_id,
        refunds.order_id,

        refunds.refund_amount,
        orders.order_amount,
        sum(refunds.refund_amount) over (
            partition by refunds.order_id
            order by refunds.refunded_at, refunds.refund_id
            rows between unbounded preceding and current row
        ) as refunded_so_far,

        orders.purchase_date,
        -- money cannot come back before it was paid
        greatest(refunds.refunded_date, orders.purchase_date) as posted_date

    from refunds

    inner join orders
        on refunds.order_id = orders.order_id

),

-- refunds beyond the order's amount must not make a customer's value negative
refunds_posted as (

    select
        refund_id,
        order_id,

        cast(
            least(refunded_so_far, order_amount)
            - least(refunded_so_far - refund_amount, order_amount)
            as decimal(18, 2)
        ) as posted_amount,
        cast(
            greatest(refunded_so_far - order_amount, 0)
            - greatest(refunded_so_far - refund_amount - order_amount, 0)
            as decimal(18, 2)
        ) as excess_amount,

        refunded_so_far >= order_amount
        and refunded_so_far - refund_amount < order_amount as is_full_refund,

        purchase_date,
        posted_date

    from running_totals

)

select * from refunds_posted
