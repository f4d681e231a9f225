with

orders as (

    select * from {{ ref('stg_trd__orders') }}

    -- a guest is nobody's customer
    where
        {{ is_one_of('order_status', cst_var('cst_valid_order_statuses')) }}
        and customer_id is not null

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

full_refunds as (

    select * from {{ ref('int_cst_refunds_posted') }}

    where is_full_refund

),

purchases as (

    select
        orders.order_id,
        orders.campaign_id,
        coalesce(
            merged_customers.surviving_customer_id, orders.customer_id
        ) as customer_id,

        orders.order_channel,

        orders.order_amount,
        orders.discount_amount,

        orders.purchase_date,
        full_refunds.posted_date as fully_refunded_date,

        orders.purchased_at

    from orders

    left join merged_customers
        on orders.customer_id = merged_customers.customer_id

    left join full_refunds
        on orders.order_id = full_refunds.order_id

)

select * from purchases
