-- What falls to the lines of an order is the order's, to the cent; every line
-- is in one order, and every line of a known order is there.
with

items as (

    select
        order_id,
        count(*) as item_count,
        sum(quantity) as units,
        sum(item_amount) as item_amount,
        sum(original_item_amount) as original_item_amount,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(refund_amount) as refund_amount,
        sum(net_amount) as net_amount,
        case
            when count(*) = count(cost_amount) then sum(cost_amount)
        end as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        min(gross_profit_basis) as gross_profit_basis,
        count(distinct coalesce(customer_key, 'guest')) as customer_count

    from {{ ref('dwd_trd_order_item') }}

    group by order_id

),

delivered as (

    select
        order_id,
        count(*) as item_count

    from {{ ref('stg_trd__order_items') }}

    group by order_id

),

orders as (

    select * from {{ ref('dwd_trd_order') }}

)

select
    orders.order_id,
    orders.item_count,
    delivered.item_count as delivered_count,
    items.item_count as found_count,
    orders.gross_amount,
    items.gross_amount as items_gross_amount,
    orders.gross_profit_amount,
    items.gross_profit_amount as items_gross_profit_amount

from orders

left join delivered
    on orders.order_id = delivered.order_id

left join items
    on orders.order_id = items.order_id

where
    coalesce(orders.item_count, 0) != coalesce(delivered.item_count, 0)
    or coalesce(orders.item_count, 0) != coalesce(items.item_count, 0)
    or items.customer_count != 1
    or orders.units != items.units
    or orders.items_differ_amount != orders.gross_amount - items.item_amount
    or orders.gross_amount != items.gross_amount
    or orders.discount_amount != items.discount_amount
    or orders.refund_amount != items.refund_amount
    or orders.net_amount != items.net_amount
    or coalesce(orders.cost_amount, -1)
    != case
        when
            abs(orders.original_gross_amount - items.original_item_amount)
            <= 0.01 * items.item_count
            then coalesce(items.cost_amount, -1)
        else -1
    end
    -- in the order's currency and in the warehouse's
    or (
        orders.original_gross_amount = items.original_item_amount
        and orders.items_differ_amount != 0
    )
    or (
        items.item_count > 0
        and (
            coalesce(orders.gross_profit_basis, '')
            != coalesce(items.gross_profit_basis, '')
            or coalesce(orders.gross_profit_amount, 0)
            != coalesce(items.gross_profit_amount, 0)
        )
    )
