with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

-- a day's purchases are one purchase, until the last of them is refunded
purchase_days as (

    select
        purchases.customer_id,

        purchases.purchase_date,
        case
            when count(*) = count(purchases.fully_refunded_date)
                then max(purchases.fully_refunded_date)
        end as fully_refunded_date

    from purchases

    group by
        purchases.customer_id,
        purchases.purchase_date

)

select * from purchase_days
