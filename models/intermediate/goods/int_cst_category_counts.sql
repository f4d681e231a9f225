{%- set window_days = cst_var('goods_window_days') -%}
{%- set test_days = cst_var('goods_test_days') -%}

with

category_orders as (

    select * from {{ ref('int_cst_category_orders') }}

),

as_of as (

    select snapshot_date as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- what is predicted today, and what would have been predicted before the test
moments as (

    select
        false as is_test,
        as_of_date as moment_date

    from as_of

    union all

    select
        true as is_test,
        {{ add_days('as_of_date', 0 - test_days) }} as moment_date

    from as_of

),

category_counts as (

    select
        moments.is_test,
        moments.moment_date,
        category_orders.customer_id,
        category_orders.category,
        count(*) as order_count,
        count(case when category_orders.is_main then 1 end) as main_order_count,
        cast(sum(category_orders.units) as decimal(24, 3)) as units,
        cast(sum(category_orders.net_amount) as decimal(24, 2)) as net_amount,
        max(
            case when category_orders.is_main then category_orders.order_number
            end
        ) as last_main_order_number,
        min(category_orders.purchase_date) as first_purchase_date,
        max(category_orders.purchase_date) as last_purchase_date

    from category_orders

    inner join moments
        on
            category_orders.purchase_date <= moments.moment_date
            and category_orders.purchase_date
            > {{ add_days('moments.moment_date', 0 - window_days) }}

    group by
        moments.is_test,
        moments.moment_date,
        category_orders.customer_id,
        category_orders.category

)

select * from category_counts
