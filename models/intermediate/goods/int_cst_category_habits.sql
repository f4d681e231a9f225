with

category_counts as (

    select * from {{ ref('int_cst_category_counts') }}

),

category_ranks as (

    select * from {{ ref('int_cst_category_ranks') }}

),

popular_categories as (

    select * from category_ranks

    where category_rank <= {{ goods_prediction_ranks() }}

),

customers as (

    select distinct
        is_test,
        customer_id

    from category_counts

),

-- what a customer never bought comes after all that the customer did
candidates as (

    select
        is_test,
        customer_id,
        category,
        main_order_count,
        order_count,
        last_purchase_date

    from category_counts

    union all

    select
        customers.is_test,
        customers.customer_id,
        popular_categories.category,
        0 as main_order_count,
        0 as order_count,
        cast(null as date) as last_purchase_date

    from customers

    inner join popular_categories
        on customers.is_test = popular_categories.is_test

),

candidate_counts as (

    select
        is_test,
        customer_id,
        category,
        max(main_order_count) as main_order_count,
        max(order_count) as order_count,
        max(last_purchase_date) as last_purchase_date

    from candidates

    group by
        is_test,
        customer_id,
        category

),

category_habits as (

    select
        candidate_counts.is_test,
        candidate_counts.customer_id,
        candidate_counts.category,
        row_number() over (
            partition by candidate_counts.is_test, candidate_counts.customer_id
            order by
                candidate_counts.main_order_count desc,
                candidate_counts.order_count desc,
                candidate_counts.last_purchase_date desc nulls last,
                category_ranks.category_rank asc
        ) as habit_rank

    from candidate_counts

    inner join category_ranks
        on
            candidate_counts.is_test = category_ranks.is_test
            and candidate_counts.category = category_ranks.category

)

select * from category_habits
