{%- set longest_window = retention_windows() | max -%}

with

strategies_assigned as (

    select * from {{ ref('int_cst_strategies_assigned') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

purchases_until_refunded as (

    select
        purchases.customer_id,
        purchases.purchase_date,
        {{ add_days('purchases.fully_refunded_date', -longest_window) }}
            as unseen_from_date,
        {{ snapshot_on_or_after(
            'purchases.purchase_date', 'snapshot_bounds'
        ) }} as following_snapshot_date

    from purchases

    cross join snapshot_bounds

),

-- a purchase stands on the last snapshot before it, where all earlier
-- snapshots find it
kept_purchases as (

    select
        purchases_until_refunded.customer_id,
        snapshot_dates.previous_snapshot_date as snapshot_date,
        purchases_until_refunded.purchase_date

    from purchases_until_refunded

    inner join snapshot_dates
        on
            purchases_until_refunded.following_snapshot_date
            = snapshot_dates.snapshot_date

    where
        purchases_until_refunded.unseen_from_date is null
        and snapshot_dates.previous_snapshot_date is not null

),

-- the few refunded in full stand only on the snapshots whose window ended
-- before the money went back
refunded_purchases as (

    select
        purchases_until_refunded.customer_id,
        snapshot_dates.snapshot_date,
        min(purchases_until_refunded.purchase_date) as purchase_date

    from purchases_until_refunded

    inner join snapshot_dates
        on
            purchases_until_refunded.purchase_date
            > snapshot_dates.snapshot_date
            and purchases_until_refunded.unseen_from_date
            > snapshot_dates.snapshot_date

    group by
        purchases_until_refunded.customer_id,
        snapshot_dates.snapshot_date

),

assignments_and_purchases as (

    select
        customer_id,
        snapshot_date,
        true as is_assigned,
        cast(null as date) as purchase_date

    from strategies_assigned

    union all

    select
        customer_id,
        snapshot_date,
        false as is_assigned,
        purchase_date

    from kept_purchases

),

purchases_by_snapshot as (

    select
        customer_id,
        snapshot_date,
        bool_or(is_assigned) as is_assigned,
        min(purchase_date) as purchase_date

    from assignments_and_purchases

    group by
        customer_id,
        snapshot_date

),

next_kept_purchases as (

    select
        customer_id,
        snapshot_date,
        is_assigned,
        min(purchase_date) over (
            partition by customer_id
            order by snapshot_date desc
            rows between unbounded preceding and current row
        ) as purchase_date

    from purchases_by_snapshot

),

next_purchases as (

    select
        next_kept_purchases.customer_id,
        next_kept_purchases.snapshot_date,
        least(
            next_kept_purchases.purchase_date, refunded_purchases.purchase_date
        ) as next_purchase_date

    from next_kept_purchases

    left join refunded_purchases
        on
            next_kept_purchases.customer_id = refunded_purchases.customer_id
            and next_kept_purchases.snapshot_date
            = refunded_purchases.snapshot_date

    where next_kept_purchases.is_assigned

)

select * from next_purchases
