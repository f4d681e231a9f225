with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

standing_days as (

    select
        purchase_days.customer_id,
        purchase_days.purchase_date,
        snapshot_dates.snapshot_date as as_of_date,
        min(purchase_days.purchase_date) over (
            partition by purchase_days.customer_id
        ) as first_purchase_date

    from purchase_days

    inner join snapshot_dates
        on purchase_days.purchase_date <= snapshot_dates.snapshot_date

    where
        purchase_days.fully_refunded_date is null
        or purchase_days.fully_refunded_date > snapshot_dates.snapshot_date

),

-- a basket split into two orders on one day is no repurchase
second_purchases as (

    select
        customer_id,
        as_of_date,
        first_purchase_date,
        min(
            case
                when purchase_date > first_purchase_date then purchase_date
            end
        ) as second_purchase_date

    from standing_days

    group by
        customer_id,
        as_of_date,
        first_purchase_date

)

select * from second_purchases
