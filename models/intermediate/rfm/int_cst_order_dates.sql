with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

newest_snapshot as (

    select * from snapshot_dates

    where is_current

),

-- stands from its first snapshot on, which a running minimum carries forward
unrefunded_purchases as (

    select
        purchases.customer_id,
        {{ snapshot_on_or_after(
            'purchases.purchase_date', 'newest_snapshot'
        ) }} as snapshot_date,
        purchases.purchase_date as unrefunded_date,
        cast(null as date) as refunded_later_date

    from purchases

    cross join newest_snapshot

    where
        purchases.fully_refunded_date is null
        and purchases.purchase_date <= newest_snapshot.snapshot_date

),

-- a running minimum cannot take a purchase back, so the few that are refunded
-- in full have a row on each snapshot on which they stood
refunded_purchases as (

    select
        purchases.customer_id,
        snapshot_dates.snapshot_date,
        cast(null as date) as unrefunded_date,
        purchases.purchase_date as refunded_later_date

    from purchases

    inner join snapshot_dates
        on
            purchases.purchase_date <= snapshot_dates.snapshot_date
            and purchases.fully_refunded_date > snapshot_dates.snapshot_date

),

standing_purchases as (

    select * from unrefunded_purchases

    union all

    select * from refunded_purchases

),

order_dates as (

    select
        customer_id,
        snapshot_date,

        min(unrefunded_date) as first_unrefunded_date,
        max(unrefunded_date) as last_unrefunded_date,
        min(refunded_later_date) as first_refunded_later_date,
        max(refunded_later_date) as last_refunded_later_date

    from standing_purchases

    group by
        customer_id,
        snapshot_date

)

select * from order_dates
