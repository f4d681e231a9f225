with

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

refunds_of_purchases as (

    select
        refunds.refund_id,
        refunds.order_id,
        purchases.customer_id,

        refunds.refund_amount,
        purchases.order_amount,

        purchases.purchase_date,
        -- money cannot come back before it was paid
        greatest(refunds.refunded_date, purchases.purchase_date)
            as posted_date,

        refunds.refunded_at

    from refunds

    inner join purchases
        on refunds.order_id = purchases.order_id

),

refunds_added_up as (

    select
        refund_id,
        order_id,
        customer_id,

        refund_amount,
        order_amount,
        sum(refund_amount) over (
            partition by order_id
            order by posted_date, refunded_at, refund_id
            rows between unbounded preceding and current row
        ) as refunded_so_far,

        purchase_date,
        posted_date

    from refunds_of_purchases

),

-- more than the order was worth cannot be taken off the customer's value
refunds_posted as (

    select
        refund_id,
        order_id,
        customer_id,

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

    from refunds_added_up

)

select * from refunds_posted
