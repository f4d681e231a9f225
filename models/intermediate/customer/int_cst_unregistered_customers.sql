with

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

named_customers as (

    select customer_id from {{ ref('stg_trd__orders') }}

    union distinct

    select customer_id from {{ ref('stg_log__events') }}

    union distinct

    select customer_id from {{ ref('stg_svc__tickets') }}

    union distinct

    select customer_id from {{ ref('stg_prm__touches') }}

    union distinct

    select merged_into_customer_id as customer_id from customers

    union distinct

    -- who is no longer delivered keeps the rows that were published
    select customer_id from {{ source('published', 'dws_cst_segmentation') }}

),

unregistered_customers as (

    select named_customers.customer_id

    from named_customers

    left join customers
        on named_customers.customer_id = customers.customer_id

    where
        customers.customer_id is null
        and named_customers.customer_id is not null

)

select * from unregistered_customers
