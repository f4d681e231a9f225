with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

-- the orders of a day count as one purchase until the last of them is refunded
purchase_days as (

    select
        customer_id,

        purchase_date,
        case
            when count(*) = count(fully_refunded_date)
                then max(fully_refunded_date)
        end as fully_refunded_date

    from purchases

    group by
        customer_id,
        purchase_date

)

select * from purchase_days
