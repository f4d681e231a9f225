{%- set margin_rate = cst_var('ltv_margin_rate') -%}

with

order_items as (

    select * from {{ ref('int_cst_order_items') }}

),

orders as (

    select * from {{ ref('int_cst_orders_numbered') }}

),

products as (

    select * from {{ ref('int_cst_products') }}

),

order_costs as (

    select * from {{ ref('int_cst_order_costs') }}

),

-- the goods of what came back are the company's again
items_sold as (

    select
        order_items.*,
        cast(
            order_items.gross_amount - order_items.refund_amount
            as decimal(18, 2)
        ) as net_amount,
        case
            when order_items.gross_amount = 0 or order_items.refund_amount = 0
                then order_items.cost_amount
            else
                {{ average_amount(
                    'order_items.cost_amount * cast((order_items.gross_amount'
                    ~ ' - order_items.refund_amount) * 100 as bigint)',
                    'cast(order_items.gross_amount * 100 as bigint)',
                ) }}
        end as net_cost_amount,
        order_costs.order_id is not null as has_all_costs

    from order_items

    left join order_costs
        on order_items.order_id = order_costs.order_id

),

running as (

    select
        *,
        sum(net_amount) over (partition by order_id order by item_id)
            as net_so_far,
        sum(discount_amount) over (partition by order_id order by item_id)
            as discount_so_far

    from items_sold

),

items_valued as (

    select
        running.item_id,
        running.order_id,
        orders.customer_id,
        running.product_id,

        products.category_path,
        products.category_1,
        case
            when not orders.is_counted then null
            when running.has_all_costs then 'cost'
            {{ "else 'rate'" if margin_rate is not none }}
        end as gross_profit_basis,

        orders.order_number,
        running.quantity,
        running.item_amount,
        running.gross_amount,
        running.discount_amount,
        running.refund_amount,
        running.named_refund_amount,
        running.net_amount,
        running.cost_amount,
        running.original_item_amount,
        running.original_cost_amount,
        running.has_all_costs,
        case
            when not orders.is_counted then null
            when running.has_all_costs
                then
                    cast(
                        running.net_amount - running.net_cost_amount
                        as decimal(18, 2)
                    )
            {%- if margin_rate is not none %}
            -- to the cent, what the rate gives for the order
            else
                cast(
                    cast(
                        {{ gross_profit(
                            'running.net_so_far', 'running.discount_so_far'
                        ) }} as decimal(18, 2)
                    ) - cast(
                        {{ gross_profit(
                            '(running.net_so_far - running.net_amount)',
                            '(running.discount_so_far'
                            ~ ' - running.discount_amount)',
                        ) }} as decimal(18, 2)
                    ) as decimal(18, 2)
                )
            {%- endif %}
        end as gross_profit_amount,

        orders.is_counted,
        orders.not_counted_reason,
        orders.purchase_date

    from running

    inner join orders
        on running.order_id = orders.order_id

    left join products
        on running.product_id = products.product_id

)

select * from items_valued
