with

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

-- a request for erasure also covers the customers merged into that customer
erased_customers as (

    select customers.customer_id

    from customers

    left join merged_customers
        on customers.customer_id = merged_customers.customer_id

    left join customers as survivors
        on merged_customers.surviving_customer_id = survivors.customer_id

    where
        customers.is_deleted
        or survivors.is_deleted

)

select * from erased_customers
