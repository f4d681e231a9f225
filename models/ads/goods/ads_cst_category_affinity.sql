with

category_counts as (

    select * from {{ ref('int_cst_category_counts') }}

    where not is_test

),

category_orders as (

    select
        customer_id,
        purchase_date,
        order_id

    from {{ ref('int_cst_category_orders') }}

    where is_main

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where is_current

),

-- an order may hold several categories, and counts once
customer_totals as (

    select
        category_orders.customer_id,
        count(*) as order_count

    from category_orders

    inner join segmentation
        on category_orders.customer_id = segmentation.customer_id

    where
        category_orders.purchase_date > {{ add_days(
            'segmentation.snapshot_date', 0 - cst_var('goods_window_days')
        ) }}

    group by category_orders.customer_id

),

totals as (

    select sum(order_count) as order_count

    from customer_totals

),

shares as (

    select
        category_counts.*,
        segmentation.customer_key,
        segmentation.snapshot_date,
        customer_totals.order_count as customer_order_count,
        cast(category_counts.order_count as double)
        / customer_totals.order_count as order_share,
        cast(
            sum(category_counts.order_count) over (
                partition by category_counts.category
            ) as double
        ) / totals.order_count as total_order_share

    from category_counts

    inner join customer_totals
        on category_counts.customer_id = customer_totals.customer_id

    inner join segmentation
        on category_counts.customer_id = segmentation.customer_id

    cross join totals

),

category_affinity as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'customer_id', 'category'
        ]) }} as category_affinity_key,
        customer_key,
        customer_id,
        snapshot_date,
        category,
        cast(
            row_number() over (
                partition by customer_id
                order by
                    order_count desc,
                    net_amount desc,
                    last_purchase_date desc,
                    category asc
            ) as bigint
        ) as category_rank,

        cast(order_count as bigint) as order_count,
        cast(customer_order_count as bigint) as customer_order_count,
        units,
        net_amount,
        order_share,
        total_order_share,
        order_share / total_order_share as lift,

        first_purchase_date,
        last_purchase_date,
        cast(
            {{ days_between('last_purchase_date', 'snapshot_date') }} as integer
        ) as days_since_last_purchase

    from shares

)

select * from category_affinity
