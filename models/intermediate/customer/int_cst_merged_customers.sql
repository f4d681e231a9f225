with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    where merged_into_customer_id is not null

),

-- a customer merged into one that was merged itself: three steps are followed,
-- a test finds longer chains and circles
survivors as (

    select
        customers.customer_id,
        coalesce(
            third_merge.merged_into_customer_id,
            second_merge.merged_into_customer_id,
            customers.merged_into_customer_id
        ) as surviving_customer_id

    from customers

    left join customers as second_merge
        on customers.merged_into_customer_id = second_merge.customer_id

    left join customers as third_merge
        on second_merge.merged_into_customer_id = third_merge.customer_id

)

select * from survivors
