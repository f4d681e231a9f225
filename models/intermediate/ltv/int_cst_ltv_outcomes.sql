{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from {{ ref('int_cst_snapshot_dates') }}

),

-- a day lies in the horizons of the snapshots from a horizon's length before it
-- to the day before it: it enters with the first, and leaves after the last
dated_changes as (

    select
        customer_id,
        {{ add_days('purchase_date', -horizon_days) }} as change_date,
        1 as purchase_change,
        0 as amount_change

    from purchase_days

    union all

    -- what is refunded in full before the horizon ends was no purchase
    select
        customer_id,
        least(
            purchase_date,
            coalesce(
                {{ add_days('fully_refunded_date', -horizon_days) }},
                purchase_date
            )
        ) as change_date,
        -1 as purchase_change,
        0 as amount_change

    from purchase_days

    union all

    select
        customer_id,
        {{ add_days('business_date', -horizon_days) }} as change_date,
        0 as purchase_change,
        net_amount as amount_change

    from orders_daily

    union all

    select
        customer_id,
        business_date as change_date,
        0 as purchase_change,
        -net_amount as amount_change

    from orders_daily

),

changes as (

    select
        dated_changes.customer_id,
        {{ snapshot_on_or_after(
            'dated_changes.change_date', 'snapshot_bounds'
        ) }} as snapshot_date,
        dated_changes.purchase_change,
        dated_changes.amount_change,
        0 as row_count

    from dated_changes

    cross join snapshot_bounds

    union all

    select
        customer_id,
        snapshot_date,
        0 as purchase_change,
        0 as amount_change,
        1 as row_count

    from customers

),

changes_by_snapshot as (

    select
        customer_id,
        snapshot_date,
        sum(purchase_change) as purchase_change,
        sum(amount_change) as amount_change,
        sum(row_count) as row_count

    from changes

    where snapshot_date is not null

    group by
        customer_id,
        snapshot_date

),

sums as (

    select
        customer_id,
        snapshot_date,
        {{ add_days('snapshot_date', horizon_days) }} as horizon_end_date,
        sum(purchase_change) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as purchase_count,
        sum(amount_change) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as net_amount,
        row_count

    from changes_by_snapshot

),

-- a horizon that is not over yet has no outcome
outcomes as (

    select
        sums.customer_id,
        sums.snapshot_date,

        cast(sums.purchase_count as bigint) as realized_purchase_count,
        cast(sums.net_amount as decimal(18, 2)) as realized_amount,

        sums.horizon_end_date

    from sums

    inner join snapshot_bounds
        on sums.horizon_end_date <= snapshot_bounds.last_snapshot_date

    where sums.row_count > 0

)

select * from outcomes
