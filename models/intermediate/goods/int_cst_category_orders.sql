{%- set levels = [] -%}
{%- for level in range(1, cst_var('goods_category_level') + 1) -%}
{%- do levels.append('products.category_' ~ level) -%}
{%- endfor -%}

with

items as (

    select * from {{ ref('int_cst_items_valued') }}

    where is_counted

),

products as (

    select * from {{ ref('int_cst_products') }}

    where category_1 is not null

),

order_categories as (

    select
        items.order_id,
        items.customer_id,
        {{ levels[0] if levels | length == 1
            else "concat_ws(' > ', " ~ levels | join(', ') ~ ')' }} as category,
        items.order_number,
        items.purchase_date,
        items.quantity,
        items.gross_amount,
        items.net_amount

    from items

    inner join products
        on items.product_id = products.product_id

),

category_orders as (

    select
        order_id,
        customer_id,
        category,
        order_number,
        cast(sum(quantity) as decimal(18, 3)) as units,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount,
        row_number() over (
            partition by order_id
            order by sum(gross_amount) desc, category asc
        ) = 1 as is_main,
        purchase_date

    from order_categories

    group by
        order_id,
        customer_id,
        category,
        order_number,
        purchase_date

)

select * from category_orders
