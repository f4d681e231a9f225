with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

-- a first purchase refunded later has still won the customer: were he moved,
-- the cohorts' early months would forget what was refunded in late ones
acquisitions as (

    select
        customer_id,

        cast({{ dbt.date_trunc('month', 'min(purchase_date)') }} as date)
            as acquisition_month,
        min(purchase_date) as acquisition_date

    from purchases

    group by customer_id

)

select * from acquisitions
