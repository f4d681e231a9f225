with

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

    where customer_id is not null

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

    where customer_id is not null

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

refunds_by_order as (

    select
        order_id,
        sum(posted_amount) as posted_amount

    from {{ ref('int_cst_refunds_posted') }}

    group by order_id

),

-- what is left of each purchase after its own refunds
purchases_left as (

    select
        orders.order_id,
        coalesce(merged_customers.surviving_customer_id, orders.customer_id)
            as customer_id,
        orders.purchase_date,
        orders.order_amount - coalesce(refunds_by_order.posted_amount, 0)
            as amount

    from orders

    left join merged_customers
        on orders.customer_id = merged_customers.customer_id

    left join refunds_by_order
        on orders.order_id = refunds_by_order.order_id

    where {{ is_one_of(
        'orders.order_status', cst_var('cst_valid_order_statuses')
    ) }}

),

purchases as (

    select
        *,
        sum(amount) over (
            partition by customer_id
            order by purchase_date, order_id
        ) as amount_so_far,
        min(purchase_date) over (partition by customer_id)
            as first_purchase_date

    from purchases_left

),

-- with what the customer had bought by then; money cannot come back before the
-- first purchase
refunds_without_order as (

    select
        refunds.refund_id,
        coalesce(merged_customers.surviving_customer_id, refunds.customer_id)
            as customer_id,
        refunds.refund_amount,
        refunds.refunded_date,
        refunds.refunded_at,
        coalesce(max(purchases.amount_so_far), 0) as bought_amount

    from refunds

    left join merged_customers
        on refunds.customer_id = merged_customers.customer_id

    left join {{ ref('stg_trd__orders') }} as named_orders
        on refunds.order_id = named_orders.order_id

    left join purchases
        on
            coalesce(
                merged_customers.surviving_customer_id, refunds.customer_id
            ) = purchases.customer_id
            and purchases.purchase_date
            <= greatest(refunds.refunded_date, purchases.first_purchase_date)

    where named_orders.order_id is null

    group by
        refunds.refund_id,
        coalesce(merged_customers.surviving_customer_id, refunds.customer_id),
        refunds.refund_amount,
        refunds.refunded_date,
        refunds.refunded_at

),

running_totals as (

    select
        *,
        sum(refund_amount) over (
            partition by customer_id
            order by refunded_at, refund_id
        ) as refunded_so_far

    from refunds_without_order

),

-- whatever was once refunded beyond the purchases stays uncounted
capped_totals as (

    select
        *,
        refunded_so_far + least(
            min(bought_amount - refunded_so_far) over (
                partition by customer_id
                order by refunded_at, refund_id
            ),
            0
        ) as posted_so_far

    from running_totals

),

posted_refunds as (

    select
        *,
        coalesce(lag(posted_so_far) over (
            partition by customer_id
            order by refunded_at, refund_id
        ), 0) as posted_before

    from capped_totals

),

-- the oldest purchases are paid back first
customer_refunds as (

    select
        posted_refunds.refund_id,
        posted_refunds.customer_id,
        purchases.order_id,

        cast(
            least(posted_refunds.posted_so_far, purchases.amount_so_far)
            - greatest(
                posted_refunds.posted_before,
                purchases.amount_so_far - purchases.amount
            ) as decimal(18, 2)
        ) as posted_amount,

        purchases.purchase_date,
        greatest(
            posted_refunds.refunded_date, purchases.first_purchase_date
        ) as posted_date

    from posted_refunds

    inner join purchases
        on
            posted_refunds.customer_id = purchases.customer_id
            and purchases.amount > 0
            and posted_refunds.posted_before < purchases.amount_so_far
            and posted_refunds.posted_so_far
            > purchases.amount_so_far - purchases.amount

)

select * from customer_refunds
