with

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

items_by_order as (

    select
        order_id,
        sum(item_amount) as item_amount,
        sum(cost_amount) as cost_amount,
        count(*) as item_count

    from {{ ref('stg_trd__order_items') }}

    group by order_id

    having count(*) = count(cost_amount)

),

-- where a line is missing, the others would earn what it did
order_costs as (

    select
        orders.order_id,
        {{ converted_amount(
            'items_by_order.cost_amount', 'orders.exchange_rate'
        ) }} as cost_amount

    from orders

    inner join items_by_order
        on orders.order_id = items_by_order.order_id

    where
        abs(orders.original_order_amount - items_by_order.item_amount)
        <= 0.01 * items_by_order.item_count

)

select * from order_costs
