with

orders as (

    select * from {{ ref('base_trd__orders') }}

    where row_status = 'accepted'

),

newest_orders as (

    select
        order_id,
        customer_id,
        campaign_id,

        order_status,
        order_channel,
        currency_code,

        order_amount,
        discount_amount,
        freight_amount,

        ordered_date,
        purchase_date,

        ordered_at,
        paid_at,
        purchased_at,
        updated_at

    from orders

)

select * from newest_orders
