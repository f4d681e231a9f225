with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cells as (

    select
        snapshot_date,
        repeat_count,
        days_to_last_purchase,
        days_observed,

        count(*) as customer_count

    from customers

    group by
        snapshot_date,
        repeat_count,
        days_to_last_purchase,
        days_observed

)

select * from cells
