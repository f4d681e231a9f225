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

-- of whoever ordered, or else of the customer whom the refund names; where no
-- date is, nothing says that it was asked for later
refunds_awaited as (

    select
        coalesce(
            merged_customers.surviving_customer_id,
            orders.customer_id,
            running_refunds.customer_id
        ) as customer_id,
        min(
            coalesce(
                running_refunds.requested_date,
                {{ date_literal(cst_var('cst_earliest_date')) }}
            )
        ) as first_requested_date

    from running_refunds

    left join orders
        on running_refunds.order_id = orders.order_id

    left join merged_customers
        on
            coalesce(orders.customer_id, running_refunds.customer_id)
            = merged_customers.customer_id

    where coalesce(orders.customer_id, running_refunds.customer_id) is not null

    group by
        coalesce(
            merged_customers.surviving_customer_id,
            orders.customer_id,
            running_refunds.customer_id
        )

)

select * from refunds_awaited
