-- Families are compared over the same customers and purchases.
with

validations as (

    select * from {{ ref('int_cst_ltv_validations') }}

),

differences as (

    select
        snapshot_date,
        min(customer_count) as fewest_customers,
        max(customer_count) as most_customers,
        min(realized_purchase_count) as fewest_purchases,
        max(realized_purchase_count) as most_purchases

    from validations

    group by snapshot_date

    having
        min(customer_count) != max(customer_count)
        or min(realized_purchase_count) != max(realized_purchase_count)

)

select * from differences
