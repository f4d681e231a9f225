with

orders_valued as (

    select * from {{ ref('int_cst_orders_valued') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

orders as (

    select
        {{ dbt_utils.generate_surrogate_key(['orders_valued.order_id']) }}
            as order_key,
        orders_valued.order_id,
        customers.customer_key,
        orders_valued.customer_id,
        orders_valued.campaign_id,
        orders_valued.shop_id,
        orders_valued.coupon_code,

        orders_valued.order_status,
        orders_valued.order_channel,
        orders_valued.currency_code,
        orders_valued.main_category,
        {{ labeled_code(
            'orders_valued.gross_profit_basis', 'gross_profit_basis'
        ) }},
        {{ labeled_code(
            'orders_valued.not_counted_reason', 'not_counted_reason'
        ) }},

        orders_valued.order_number,
        orders_valued.days_since_previous_order,
        orders_valued.item_count,
        orders_valued.units,
        orders_valued.exchange_rate,
        orders_valued.gross_amount,
        orders_valued.discount_amount,
        orders_valued.coupon_amount,
        orders_valued.freight_amount,
        orders_valued.refund_amount,
        orders_valued.net_amount,
        orders_valued.items_differ_amount,
        orders_valued.cost_amount,
        orders_valued.gross_profit_amount,
        orders_valued.original_gross_amount,
        orders_valued.original_discount_amount,
        orders_valued.original_refund_amount,

        orders_valued.is_counted,
        coalesce(orders_valued.order_number = 1, false) as is_first_order,

        orders_valued.purchase_date,
        orders_valued.fully_refunded_date,

        orders_valued.ordered_at,
        orders_valued.purchased_at

    from orders_valued

    -- the first version of a customer also holds for the time before it, so
    -- every moment has exactly one
    left join customers
        on
            orders_valued.customer_id = customers.customer_id
            and orders_valued.purchased_at >= customers.valid_from_at
            and orders_valued.purchased_at < customers.valid_to_at

)

select * from orders
