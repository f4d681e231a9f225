with

items_valued as (

    select * from {{ ref('int_cst_items_valued') }}

),

orders as (

    select * from {{ ref('dwd_trd_order') }}

),

products as (

    select * from {{ ref('dim_prd_product') }}

),

order_items as (

    select
        {{ dbt_utils.generate_surrogate_key(['items_valued.item_id']) }}
            as item_key,
        items_valued.item_id,
        orders.order_key,
        orders.order_id,
        orders.customer_key,
        orders.customer_id,
        products.product_key,
        items_valued.product_id,

        orders.currency_code,
        products.category_path,
        products.category_1,
        products.category_2,
        products.category_3,
        {{ labeled_code(
            'items_valued.gross_profit_basis', 'gross_profit_basis'
        ) }},
        {{ labeled_code(
            'items_valued.not_counted_reason', 'not_counted_reason'
        ) }},

        items_valued.quantity,
        orders.exchange_rate,
        items_valued.item_amount,
        items_valued.gross_amount,
        items_valued.discount_amount,
        items_valued.refund_amount,
        items_valued.named_refund_amount,
        items_valued.net_amount,
        items_valued.cost_amount,
        items_valued.gross_profit_amount,
        items_valued.original_item_amount,
        items_valued.original_cost_amount,

        items_valued.is_counted,
        items_valued.purchase_date

    from items_valued

    inner join orders
        on items_valued.order_id = orders.order_id

    inner join products
        on items_valued.product_id = products.product_id

)

select * from order_items
