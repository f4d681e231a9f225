with

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

events as (

    select * from {{ ref('stg_log__events') }}

),

tickets as (

    select * from {{ ref('stg_svc__tickets') }}

),

touches as (

    select * from {{ ref('stg_prm__touches') }}

),

customer_ids_seen as (

    select customer_id from orders

    union distinct

    select customer_id from events

    union distinct

    select customer_id from tickets

    union distinct

    select customer_id from touches

    union distinct

    select merged_into_customer_id as customer_id from customers

),

unregistered_customers as (

    select customer_ids_seen.customer_id

    from customer_ids_seen

    left join customers
        on customer_ids_seen.customer_id = customers.customer_id

    where
        customers.customer_id is null
        and customer_ids_seen.customer_id is not null

)

select * from unregistered_customers
