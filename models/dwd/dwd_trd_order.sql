with

orders_numbered as (

    select * from {{ ref('int_cst_orders_numbered') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

orders as (

    select
        {{ dbt_utils.generate_surrogate_key(['orders_numbered.order_id']) }}
            as order_key,
        orders_numbered.order_id,
        customers.customer_key,
        orders_numbered.customer_id,
        orders_numbered.campaign_id,

        orders_numbered.order_status,
        orders_numbered.order_channel,
        {{ labeled_code(
            'orders_numbered.not_counted_reason', 'not_counted_reason'
        ) }},

        orders_numbered.order_number,
        cast(
            {{ days_between(
                'orders_numbered.previous_purchase_date',
                'orders_numbered.purchase_date',
            ) }} as integer
        ) as days_since_previous_order,

        orders_numbered.gross_amount,
        orders_numbered.discount_amount,
        orders_numbered.freight_amount,
        orders_numbered.refund_amount,
        orders_numbered.net_amount,
        orders_numbered.gross_profit_amount,

        orders_numbered.is_counted,
        coalesce(orders_numbered.order_number = 1, false) as is_first_order,

        orders_numbered.purchase_date,
        orders_numbered.fully_refunded_date,

        orders_numbered.ordered_at,
        orders_numbered.purchased_at

    from orders_numbered

    -- the first version of a customer also holds for the time before it, so
    -- every moment has exactly one
    left join customers
        on
            orders_numbered.customer_id = customers.customer_id
            and orders_numbered.purchased_at >= customers.valid_from_at
            and orders_numbered.purchased_at < customers.valid_to_at

)

select * from orders
