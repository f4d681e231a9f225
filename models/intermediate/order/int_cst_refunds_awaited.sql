with

running_refunds as (

    select * from {{ ref('stg_trd__running_refunds') }}

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

-- whoever ordered, or else the customer whom the refund names
refunds_of_customers as (

    select
        coalesce(orders.customer_id, running_refunds.customer_id)
            as customer_id,
        -- of what has no date, nothing says that it was asked for later
        coalesce(
            running_refunds.requested_date,
            {{ date_literal(cst_var('cst_earliest_date')) }}
        ) as requested_date

    from running_refunds

    left join orders
        on running_refunds.order_id = orders.order_id

),

refunds_awaited as (

    select
        coalesce(
            merged_customers.surviving_customer_id,
            refunds_of_customers.customer_id
        ) as customer_id,
        min(refunds_of_customers.requested_date) as first_requested_date

    from refunds_of_customers

    left join merged_customers
        on refunds_of_customers.customer_id = merged_customers.customer_id

    where refunds_of_customers.customer_id is not null

    group by
        coalesce(
            merged_customers.surviving_customer_id,
            refunds_of_customers.customer_id
        )

)

select * from refunds_awaited
