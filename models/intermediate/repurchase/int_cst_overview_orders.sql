{%- set in_order =
    'partition by order_cut, order_cut_value, customer_id '
    ~ 'order by order_number' -%}
{%- set amounts = [
    'gross_amount', 'discount_amount', 'refund_amount', 'net_amount',
    'gross_profit_amount',
] -%}

with

customers as (

    select * from {{ ref('int_cst_overview_customers') }}

),

orders as (

    select
        orders.*,
        customers.acquisition_channel,
        customers.program_group

    from {{ ref('int_cst_orders_valued') }} as orders

    inner join customers
        on orders.customer_id = customers.customer_id

    where orders.is_counted

),

items_by_category as (

    select
        customer_id,
        order_number,
        coalesce(category_1, 'unknown') as category,
        cast(sum(quantity) as decimal(18, 3)) as units,
        {% for name in amounts -%}
        cast(sum({{ name }}) as decimal(18, 2)) as {{ name }},
        {% endfor -%}
        purchase_date

    from {{ ref('int_cst_items_valued') }}

    where is_counted

    group by
        customer_id,
        order_number,
        coalesce(category_1, 'unknown'),
        purchase_date

),

-- an order is of one channel, shop and customer, its lines of many categories
order_cuts as (

    {% for order_cut, cut_value in {
        'total': "'all'",
        'order_channel': "coalesce(order_channel, 'unknown')",
        'shop': "coalesce(shop_id, 'unknown')",
        'acquisition_channel': 'acquisition_channel',
        'program': 'program_group',
        'category': 'category',
    }.items() -%}
    select
        '{{ order_cut }}' as order_cut,
        {{ cut_value }} as order_cut_value,
        customer_id,
        order_number,
        units,
        {% for name in amounts -%}
        {{ name }},
        {% endfor -%}
        purchase_date

    from {{ 'items_by_category' if order_cut == 'category' else 'orders' }}

    union all

    {% endfor -%}
    select
        'category' as order_cut,
        'unknown' as order_cut_value,
        customer_id,
        order_number,
        units,
        {% for name in amounts -%}
        {{ name }},
        {% endfor -%}
        purchase_date

    from orders

    where item_count is null

),

overview_orders as (

    select
        order_cut,
        order_cut_value,
        customer_id,
        order_number,
        units,
        {% for name in amounts -%}
        {{ name }},
        {% endfor -%}
        -- what is unknown of an order is left out of all that is divided by it
        case when gross_profit_amount is not null then net_amount end
            as profit_net_amount,
        purchase_date,
        lag(purchase_date) over ({{ in_order }}) as previous_date,
        lag(purchase_date, 2) over ({{ in_order }}) as second_previous_date,
        lead(purchase_date) over ({{ in_order }}) as next_date,
        lead(purchase_date, 2) over ({{ in_order }}) as second_next_date

    from order_cuts

)

select * from overview_orders
