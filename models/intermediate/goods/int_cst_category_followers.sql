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

follower_counts as (

    select
        moments.is_test,
        main_orders.previous_category,
        main_orders.category,
        count(*) as order_count

    from main_orders

    inner join moments
        on
            main_orders.purchase_date <= moments.moment_date
            and main_orders.purchase_date > {{ add_days(
                'moments.moment_date', 0 - cst_var('goods_window_days')
            ) }}

    where main_orders.previous_category is not null

    group by
        moments.is_test,
        main_orders.previous_category,
        main_orders.category

),

-- every category may follow every other: where none did, the most popular
category_followers as (

    select
        previous_ranks.is_test,
        previous_ranks.category as previous_category,
        category_ranks.category,
        coalesce(follower_counts.order_count, 0) as order_count,
        row_number() over (
            partition by previous_ranks.is_test, previous_ranks.category
            order by
                coalesce(follower_counts.order_count, 0) desc,
                category_ranks.category_rank asc
        ) as follower_rank

    from category_ranks as previous_ranks

    inner join category_ranks
        on previous_ranks.is_test = category_ranks.is_test

    left join follower_counts
        on
            category_ranks.is_test = follower_counts.is_test
            and previous_ranks.category = follower_counts.previous_category
            and category_ranks.category = follower_counts.category

)

select * from category_followers
