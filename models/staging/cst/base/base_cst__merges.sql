with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    where merged_into_customer_id is not null

),

later_customers as (

    select
        customer_id,
        merged_into_customer_id,
        row_number() over (
            partition by customer_id
            order by updated_at desc nulls last, merged_into_customer_id asc
        ) as merge_rank

    from {{ ref('base_cst__later_customers') }}

    where merged_into_customer_id is not null

),

merges_known_since as (

    select
        coalesce(later_customers.customer_id, customers.customer_id)
            as customer_id,
        coalesce(
            later_customers.merged_into_customer_id,
            customers.merged_into_customer_id
        ) as merged_into_customer_id

    from customers

    full outer join later_customers
        on customers.customer_id = later_customers.customer_id

    where coalesce(later_customers.merge_rank, 1) = 1

),

known_merges as (

    select
        customer_id,
        merged_into_customer_id,
        false as is_known_since

    from customers

    union all

    select
        customer_id,
        merged_into_customer_id,
        true as is_known_since

    from merges_known_since

)

select * from known_merges
