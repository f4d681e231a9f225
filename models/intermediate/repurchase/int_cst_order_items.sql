{#- Lines of an order in their order, and all of them. -#}
{%- set so_far = 'over (partition by order_id order by item_id)' -%}
{%- set of_order = 'over (partition by order_id)' -%}

with

order_items as (

    select
        *,
        {%- for name, value in {
            'count': '1',
            'amount': 'item_amount',
            'discount': 'coalesce(discount_amount, 0)',
        }.items() %}
        {{ value }} as line_{{ name }},
        sum({{ value }}) {{ so_far }} as line_{{ name }}_so_far,
        sum({{ value }}) {{ of_order }} as line_{{ name }}_total,
        {%- endfor %}
        sum(cost_amount) {{ so_far }} as costs_so_far

    from {{ ref('stg_trd__order_items') }}

),

orders as (

    select * from {{ ref('int_cst_orders_numbered') }}

),

item_refunds as (

    select * from {{ ref('int_cst_item_refunds') }}

),

-- in cents; where lines say nothing of an amount, it is one for all
weighed as (

    select
        order_items.*,
        {%- for ending in ['', '_so_far', '_total'] %}
        cast(
            case
                when order_items.line_amount_total > 0
                    then order_items.line_amount{{ ending }} * 100
                else order_items.line_count{{ ending }}
            end as bigint
        ) as amount_weight{{ ending }},
        cast(
            case
                when order_items.line_discount_total > 0
                    then order_items.line_discount{{ ending }} * 100
                when order_items.line_amount_total > 0
                    then order_items.line_amount{{ ending }} * 100
                else order_items.line_count{{ ending }}
            end as bigint
        ) as discount_weight{{ ending }},
        {%- endfor %}
        orders.exchange_rate,
        orders.gross_amount as order_gross_amount,
        orders.discount_amount as order_discount_amount,
        orders.refund_amount as order_refund_amount,
        coalesce(item_refunds.refund_amount, 0) as named_amount

    from order_items

    inner join orders
        on order_items.order_id = orders.order_id

    left join item_refunds
        on
            order_items.order_id = item_refunds.order_id
            and order_items.item_id = item_refunds.item_id

),

sold as (

    select
        *,
        {{ part_of('order_gross_amount', 'amount_weight') }} as gross_amount,
        {{ part_of('order_discount_amount', 'discount_weight') }}
            as part_of_discount

    from weighed

),

-- a refund that names a line is the line's, up to what was paid for it
refunded as (

    select
        *,
        least(named_amount, gross_amount) as named_refund_amount,
        cast(
            (gross_amount - least(named_amount, gross_amount)) * 100 as bigint
        ) as kept_weight

    from sold

),

kept as (

    select
        *,
        cast(
            order_refund_amount - sum(named_refund_amount) {{ of_order }}
            as decimal(18, 2)
        ) as other_refund_amount,
        cast(sum(kept_weight) {{ so_far }} as bigint) as kept_weight_so_far,
        cast(sum(kept_weight) {{ of_order }} as bigint) as kept_weight_total

    from refunded

),

order_items_divided as (

    select
        item_id,
        order_id,
        product_id,
        quantity,
        {{ converted_part(
            'item_amount', 'line_amount_so_far', 'exchange_rate'
        ) }} as item_amount,
        {{ converted_part('cost_amount', 'costs_so_far', 'exchange_rate') }}
            as cost_amount,
        item_amount as original_item_amount,
        cost_amount as original_cost_amount,
        gross_amount,
        part_of_discount as discount_amount,
        cast(named_refund_amount as decimal(18, 2)) as named_refund_amount,
        cast(
            named_refund_amount + coalesce(
                {{ part_of('other_refund_amount', 'kept_weight') }}, 0
            ) as decimal(18, 2)
        ) as refund_amount

    from kept

)

select * from order_items_divided
