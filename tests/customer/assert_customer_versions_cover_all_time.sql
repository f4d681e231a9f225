with

periods as (

    select
        customer_id,
        min(valid_from_at) as first_valid_from_at,
        max(valid_to_at) as last_valid_to_at

    from {{ ref('int_cst_customer_periods') }}

    group by customer_id

),

customers as (

    select customer_id from {{ ref('stg_cst__customers') }}

    union distinct

    select customer_id from {{ ref('int_cst_unregistered_customers') }}

)

select
    coalesce(customers.customer_id, periods.customer_id) as customer_id,
    periods.first_valid_from_at,
    periods.last_valid_to_at

from customers

full outer join periods
    on customers.customer_id = periods.customer_id

where
    customers.customer_id is null
    or periods.customer_id is null
    or periods.first_valid_from_at != {{ first_instant() }}
    or periods.last_valid_to_at != {{ last_instant() }}
