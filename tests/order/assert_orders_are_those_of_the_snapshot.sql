-- A customer's orders that count, and what they were worth, are those of the
-- newest snapshot.
with

orders as (

    select
        customer_id,
        count(*) as order_count,
        sum(net_amount) as net_amount,
        min(purchase_date) as first_order_date,
        max(purchase_date) as last_order_date

    from {{ ref('dwd_trd_order') }}

    where is_counted

    group by customer_id

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where
        is_current
        and lifetime_order_count > 0

)

select
    coalesce(orders.customer_id, segmentation.customer_id) as customer_id,
    orders.order_count,
    segmentation.lifetime_order_count,
    orders.net_amount,
    segmentation.lifetime_net_amount

from orders

full outer join segmentation
    on orders.customer_id = segmentation.customer_id

where
    orders.customer_id is null
    or segmentation.customer_id is null
    or orders.order_count != segmentation.lifetime_order_count
    or orders.net_amount != segmentation.lifetime_net_amount
    or orders.first_order_date != segmentation.first_order_date
    or orders.last_order_date != segmentation.last_order_date
