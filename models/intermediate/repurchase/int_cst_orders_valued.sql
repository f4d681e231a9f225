with

orders as (

    select * from {{ ref('int_cst_orders_numbered') }}

),

items as (

    select
        *,
        row_number() over (
            partition by order_id
            order by gross_amount desc, item_id asc
        ) as item_rank

    from {{ ref('int_cst_items_valued') }}

),

items_by_order as (

    select
        order_id,
        max(case when item_rank = 1 then category_1 end) as main_category,
        max(gross_profit_basis) as gross_profit_basis,
        count(*) as item_count,
        cast(sum(quantity) as decimal(18, 3)) as units,
        cast(sum(item_amount) as decimal(18, 2)) as items_amount,
        cast(
            sum(case when has_all_costs then cost_amount end) as decimal(18, 2)
        ) as cost_amount,
        cast(sum(gross_profit_amount) as decimal(18, 2)) as gross_profit_amount

    from items

    group by order_id

),

orders_valued as (

    select
        orders.order_id,
        orders.customer_id,
        orders.campaign_id,
        orders.shop_id,
        orders.coupon_code,

        orders.order_status,
        orders.order_channel,
        orders.currency_code,
        orders.not_counted_reason,
        items_by_order.main_category,
        coalesce(
            items_by_order.gross_profit_basis,
            case when orders.gross_profit_amount is not null then 'rate' end
        ) as gross_profit_basis,

        orders.order_number,
        cast(
            {{ days_between(
                'orders.previous_purchase_date', 'orders.purchase_date'
            ) }} as integer
        ) as days_since_previous_order,
        items_by_order.item_count,
        items_by_order.units,
        orders.exchange_rate,
        orders.gross_amount,
        orders.discount_amount,
        orders.coupon_amount,
        orders.freight_amount,
        orders.refund_amount,
        orders.net_amount,
        cast(
            orders.gross_amount - items_by_order.items_amount
            as decimal(18, 2)
        ) as items_differ_amount,
        items_by_order.cost_amount,
        coalesce(
            items_by_order.gross_profit_amount, orders.gross_profit_amount
        ) as gross_profit_amount,
        orders.original_gross_amount,
        orders.original_discount_amount,
        orders.original_refund_amount,

        orders.is_counted,

        orders.purchase_date,
        orders.fully_refunded_date,

        orders.ordered_at,
        orders.purchased_at

    from orders

    left join items_by_order
        on orders.order_id = items_by_order.order_id

)

select * from orders_valued
