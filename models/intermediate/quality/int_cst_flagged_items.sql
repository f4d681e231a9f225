with

order_items as (

    select * from {{ ref('stg_trd__order_items') }}

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

items_by_order as (

    select
        order_id,
        sum(item_amount) as item_amount,
        count(*) as item_count,
        count(cost_amount) as cost_count

    from order_items

    group by order_id

),

flagged_items as (

    select
        'order_item' as source_name,
        order_items.item_id as source_key,
        'item_order_unknown' as flag_code

    from order_items

    left join orders
        on order_items.order_id = orders.order_id

    where orders.order_id is null

    union all

    select
        'order' as source_name,
        orders.order_id as source_key,
        'items_differ' as flag_code

    from orders

    inner join items_by_order
        on orders.order_id = items_by_order.order_id

    where orders.original_order_amount != items_by_order.item_amount

    union all

    -- where no line has a cost, the company does not deliver any
    select
        'order' as source_name,
        orders.order_id as source_key,
        'cost_incomplete' as flag_code

    from orders

    inner join items_by_order
        on orders.order_id = items_by_order.order_id

    where items_by_order.cost_count between 1 and items_by_order.item_count - 1

    union all

    select
        'refund' as source_name,
        refunds.refund_id as source_key,
        'refund_item_unknown' as flag_code

    from refunds

    inner join items_by_order
        on refunds.order_id = items_by_order.order_id

    left join order_items
        on
            refunds.item_id = order_items.item_id
            and refunds.order_id = order_items.order_id

    where
        refunds.item_id is not null
        and order_items.item_id is null

)

select * from flagged_items
