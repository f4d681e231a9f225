with

main_orders as (

    select
        customer_id,
        category,
        lag(category) over (
            partition by customer_id
            order by order_number
        ) as previous_category,
        purchase_date

    from {{ ref('int_cst_category_orders') }}

    where is_main

),

moments as (

    select distinct
        is_test,
        moment_date

    from {{ ref('int_cst_category_counts') }}

),

category_ranks as (

    select * from {{ ref('int_cst_category_ranks') }}

),

-- where nothing followed, the most popular would
pairs as (

    select
        moments.is_test,
        main_orders.previous_category,
        main_orders.category,
        1 as order_count

    from main_orders

    inner join moments
        on
            main_orders.purchase_date <= moments.moment_date
            and main_orders.purchase_date > {{ add_days(
                'moments.moment_date', 0 - cst_var('goods_window_days')
            ) }}

    where main_orders.previous_category is not null

    union all

    select
        previous_ranks.is_test,
        previous_ranks.category as previous_category,
        category_ranks.category,
        0 as order_count

    from category_ranks as previous_ranks

    inner join category_ranks
        on previous_ranks.is_test = category_ranks.is_test

    where category_ranks.category_rank <= {{ goods_prediction_ranks() }}

),

pair_counts as (

    select
        is_test,
        previous_category,
        category,
        cast(sum(order_count) as bigint) as order_count

    from pairs

    group by
        is_test,
        previous_category,
        category

),

category_followers as (

    select
        pair_counts.is_test,
        pair_counts.previous_category,
        pair_counts.category,
        pair_counts.order_count,
        row_number() over (
            partition by pair_counts.is_test, pair_counts.previous_category
            order by
                pair_counts.order_count desc,
                category_ranks.category_rank asc
        ) as follower_rank

    from pair_counts

    inner join category_ranks
        on
            pair_counts.is_test = category_ranks.is_test
            and pair_counts.category = category_ranks.category

)

select * from category_followers
