with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    where is_deleted

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

    where is_deleted

),

erasures as (

    select
        customers.customer_id,
        min(versions.updated_at) as erased_at

    from customers

    inner join versions
        on customers.customer_id = versions.customer_id

    group by customers.customer_id

)

select * from erasures
