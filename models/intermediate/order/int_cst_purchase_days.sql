with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

full_refunds as (

    select * from {{ ref('int_cst_refunds_posted') }}

    where is_full_refund

),

-- a day's purchases are one purchase, until the last of them is refunded
purchase_days as (

    select
        purchases.customer_id,

        purchases.purchase_date,
        case
            when count(*) = count(full_refunds.order_id)
                then max(full_refunds.posted_date)
        end as fully_refunded_date

    from purchases

    left join full_refunds
        on purchases.order_id = full_refunds.order_id

    group by
        purchases.customer_id,
        purchases.purchase_date

)

select * from purchase_days
