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

items as (

    select * from {{ ref('int_cst_items_valued') }}

    where is_counted

),

-- an order is of one channel, shop and customer, its lines of many categories
order_cuts as (

    {% for order_cut, cut_value in {
        'total': "'all'",
        'order_channel': "coalesce(order_channel, 'unknown')",
        'shop': "coalesce(shop_id, 'unknown')",
        'acquisition_channel': 'acquisition_channel',
        'program': 'program_group',
        'category': "'unknown'",
    }.items() -%}
    select
        '{{ order_cut }}' as order_cut,
        {{ cut_value }} as order_cut_value,
        order_id,
        customer_id,
        order_number,
        units,
        gross_amount,
        discount_amount,
        refund_amount,
        net_amount,
        gross_profit_amount,
        purchase_date

    from orders

    {{ 'where item_count is null' if order_cut == 'category' }}

    union all

    {% endfor -%}
    select
        'category' as order_cut,
        coalesce(category_1, 'unknown') as order_cut_value,
        order_id,
        customer_id,
        order_number,
        quantity as units,
        gross_amount,
        discount_amount,
        refund_amount,
        net_amount,
        gross_profit_amount,
        purchase_date

    from items

),

overview_orders as (

    select
        order_cut,
        order_cut_value,
        order_id,
        customer_id,
        order_number,
        cast(sum(units) as decimal(24, 3)) as units,
        {% for name in overview_sums() if name.endswith('_amount')
            and name != 'profit_net_amount' -%}
        cast(sum({{ name }}) as decimal(24, 2)) as {{ name }},
        {% endfor -%}
        -- what is unknown of an order is left out of all that is divided by it
        case
            when count(gross_profit_amount) > 0
                then cast(sum(net_amount) as decimal(24, 2))
        end as profit_net_amount,
        purchase_date

    from order_cuts

    group by
        order_cut,
        order_cut_value,
        order_id,
        customer_id,
        order_number,
        purchase_date

)

select * from overview_orders
