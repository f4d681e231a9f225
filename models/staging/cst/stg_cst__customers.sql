with

customers as (

    select * from {{ ref('base_cst__customers') }}

    where row_status = 'accepted'

),

newest_customers as (

    select
        customer_id,
        merged_into_customer_id,

        flags,

        registered_date

    from customers

)

select * from newest_customers
