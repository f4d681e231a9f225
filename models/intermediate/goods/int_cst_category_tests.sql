with

moments as (

    select distinct moment_date as test_from_date

    from {{ ref('int_cst_category_counts') }}

    where is_test

),

-- the category of the next order that tells one
next_orders as (

    select
        category_orders.customer_id,
        category_orders.category,
        row_number() over (
            partition by category_orders.customer_id
            order by category_orders.order_number
        ) as next_number

    from {{ ref('int_cst_category_orders') }} as category_orders

    inner join moments
        on category_orders.purchase_date > moments.test_from_date

    where category_orders.is_main

),

predictions as (

    select * from {{ ref('int_cst_category_predictions') }}

    where is_test

),

category_tests as (

    select
        predictions.customer_id,
        predictions.method_code,
        min(
            case
                when predictions.category = next_orders.category
                    then predictions.prediction_rank
            end
        ) as hit_rank

    from predictions

    inner join next_orders
        on
            predictions.customer_id = next_orders.customer_id
            and next_orders.next_number = 1

    group by
        predictions.customer_id,
        predictions.method_code

)

select * from category_tests
