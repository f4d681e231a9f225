with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

full_refunds as (

    select * from {{ ref('int_cst_refunds_booked') }}

    where is_full_refund

),

standing_purchases as (

    select
        purchases.customer_id,
        purchases.purchase_date,
        snapshot_dates.snapshot_date as as_of_date

    from purchases

    inner join snapshot_dates
        on purchases.purchase_date <= snapshot_dates.snapshot_date

    left join full_refunds
        on
            purchases.order_id = full_refunds.order_id
            and snapshot_dates.snapshot_date >= full_refunds.booking_date

    where full_refunds.order_id is null

),

with_first_purchase as (

    select
        customer_id,
        purchase_date,
        as_of_date,
        min(purchase_date) over (partition by customer_id)
            as first_purchase_date

    from standing_purchases

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

    from with_first_purchase

    group by
        customer_id,
        as_of_date,
        first_purchase_date

)

select * from second_purchases
