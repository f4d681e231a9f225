with

main_categories as (

    select
        is_test,
        customer_id,
        category as last_category,
        row_number() over (
            partition by is_test, customer_id
            order by last_main_order_number desc nulls last, category asc
        ) as category_number

    from {{ ref('int_cst_category_counts') }}

),

customers as (

    select * from main_categories

    where category_number = 1

),

category_ranks as (

    select * from {{ ref('int_cst_category_ranks') }}

),

category_followers as (

    select * from {{ ref('int_cst_category_followers') }}

),

category_habits as (

    select * from {{ ref('int_cst_category_habits') }}

),

predictions as (

    select
        customers.is_test,
        customers.customer_id,
        'popular' as method_code,
        category_ranks.category,
        category_ranks.category_rank as prediction_rank

    from customers

    inner join category_ranks
        on customers.is_test = category_ranks.is_test

    union all

    select
        customers.is_test,
        customers.customer_id,
        'sequence' as method_code,
        category_followers.category,
        category_followers.follower_rank as prediction_rank

    from customers

    inner join category_followers
        on
            customers.is_test = category_followers.is_test
            and customers.last_category = category_followers.previous_category

    union all

    select
        is_test,
        customer_id,
        'habit' as method_code,
        category,
        habit_rank as prediction_rank

    from category_habits

),

category_predictions as (

    select * from predictions

    where prediction_rank <= {{ goods_prediction_ranks() }}

)

select * from category_predictions
