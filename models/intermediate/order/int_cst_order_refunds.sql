with

refunds_posted as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

customer_refunds as (

    select * from {{ ref('int_cst_customer_refunds') }}

),

order_refunds as (

    select
        refund_id,
        order_id,
        posted_date,
        posted_amount,
        original_posted_amount,
        is_full_refund

    from refunds_posted

    union all

    select
        refund_id,
        order_id,
        posted_date,
        posted_amount,
        cast(0 as decimal(18, 2)) as original_posted_amount,
        false as is_full_refund

    from customer_refunds

)

select * from order_refunds
