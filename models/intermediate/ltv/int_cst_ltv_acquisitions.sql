with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

-- Later full refunds do not change who was acquired when: if they did, the
-- early months of a cohort would forget what was refunded in its later ones.
acquisitions as (

    select
        customer_id,

        cast({{ dbt.date_trunc('month', 'min(purchase_date)') }} as date)
            as acquisition_month

    from purchases

    group by customer_id

)

select * from acquisitions
