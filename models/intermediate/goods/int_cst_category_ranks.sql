with

category_counts as (

    select * from {{ ref('int_cst_category_counts') }}

),

-- what most orders are about; a small thing beside it is in many, too
category_ranks as (

    select
        is_test,
        category,
        sum(order_count) as order_count,
        sum(main_order_count) as main_order_count,
        row_number() over (
            partition by is_test
            order by sum(main_order_count) desc, category asc
        ) as category_rank

    from category_counts

    group by
        is_test,
        category

)

select * from category_ranks
