with

order_items as (

    select
        *,
        sum(item_amount) over (partition by order_id) as items_amount,
        sum(discount_amount) over (partition by order_id) as items_discount,
        sum(item_amount) over (partition by order_id order by item_id)
            as items_so_far,
        sum(cost_amount) over (partition by order_id order by item_id)
            as costs_so_far

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
        orders.exchange_rate,
        orders.gross_amount as order_gross_amount,
        orders.discount_amount as order_discount_amount,
        orders.refund_amount as order_refund_amount,
        coalesce(item_refunds.refund_amount, 0) as named_amount,
        cast(
            case
                when order_items.items_amount > 0
                    then order_items.item_amount * 100
                else 1
            end as bigint
        ) as amount_weight,
        cast(
            case
                when order_items.items_discount > 0
                    then coalesce(order_items.discount_amount, 0) * 100
                when order_items.items_amount > 0
                    then order_items.item_amount * 100
                else 1
            end as bigint
        ) as discount_weight

    from order_items

    inner join orders
        on order_items.order_id = orders.order_id

    left join item_refunds
        on
            order_items.order_id = item_refunds.order_id
            and order_items.item_id = item_refunds.item_id

),

totals as (

    select
        {{ all_but('weighed', ['amount_weight', 'discount_weight']) }},
        {{ weight_totals('amount_weight', 'order_id', 'item_id') }},
        {{ weight_totals('discount_weight', 'order_id', 'item_id') }}

    from weighed

),

sold as (

    select
        *,
        {{ part_of('order_gross_amount', 'amount_weight') }} as gross_amount,
        {{ part_of('order_discount_amount', 'discount_weight') }}
            as part_of_discount

    from totals

),

-- a refund that names a line is the line's, up to what was paid for it
refunded as (

    select
        *,
        least(named_amount, gross_amount) as named_refund_amount,
        cast(
            order_refund_amount - sum(
                least(named_amount, gross_amount)
            ) over (partition by order_id) as decimal(18, 2)
        ) as other_refund_amount,
        cast(
            (gross_amount - least(named_amount, gross_amount)) * 100 as bigint
        ) as kept_weight

    from sold

),

kept as (

    select
        {{ all_but('refunded', ['kept_weight']) }},
        {{ weight_totals('kept_weight', 'order_id', 'item_id') }}

    from refunded

),

order_items_divided as (

    select
        item_id,
        order_id,
        product_id,
        quantity,
        {{ converted_part('item_amount', 'items_so_far', 'exchange_rate') }}
            as item_amount,
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
