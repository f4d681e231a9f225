with

changes_by_snapshot as (

    select * from {{ ref('int_cst_rfm_changes') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

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
        purchases.fully_refunded_date,
        {{ snapshot_on_or_after(
            'purchases.purchase_date', 'snapshot_bounds'
        ) }} as enters_on

    from purchases

    cross join snapshot_bounds

),

-- first and last dates cannot be taken back by adding and subtracting, so the
-- few orders refunded in full stand only on the snapshots they were alive on
kept_purchase_dates as (

    select
        customer_id,
        enters_on as snapshot_date,
        min(purchase_date) as first_purchase_date,
        max(purchase_date) as last_purchase_date

    from purchases_until_refunded

    where
        enters_on is not null
        and fully_refunded_date is null

    group by
        customer_id,
        enters_on

),

refunded_purchase_dates as (

    select
        purchases_until_refunded.customer_id,
        snapshot_dates.snapshot_date,
        min(purchases_until_refunded.purchase_date) as first_purchase_date,
        max(purchases_until_refunded.purchase_date) as last_purchase_date

    from purchases_until_refunded

    inner join snapshot_dates
        on
            purchases_until_refunded.purchase_date
            <= snapshot_dates.snapshot_date
            and purchases_until_refunded.fully_refunded_date
            > snapshot_dates.snapshot_date

    group by
        purchases_until_refunded.customer_id,
        snapshot_dates.snapshot_date

),

running_totals as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        customers_on_snapshots.previous_snapshot_date,
        customers_on_snapshots.first_seen_date,

        coalesce(changes_by_snapshot.new_order_count, 0) as new_order_count,
        coalesce(changes_by_snapshot.new_fully_refunded_order_count, 0)
            as new_fully_refunded_order_count,
        coalesce(changes_by_snapshot.new_refund_amount, 0)
            as new_refund_amount,
        sum(coalesce(changes_by_snapshot.lifetime_order_change, 0))
            over to_date as lifetime_order_count,
        sum(coalesce(changes_by_snapshot.lifetime_amount_change, 0))
            over to_date as lifetime_net_amount,
        sum(coalesce(changes_by_snapshot.window_order_change, 0))
            over to_date as frequency,
        sum(coalesce(changes_by_snapshot.window_amount_change, 0))
            over to_date as monetary_amount,

        min(kept_purchase_dates.first_purchase_date)
            over to_date as first_kept_purchase_date,
        max(kept_purchase_dates.last_purchase_date)
            over to_date as last_kept_purchase_date

    from customers_on_snapshots

    left join changes_by_snapshot
        on
            customers_on_snapshots.customer_id
            = changes_by_snapshot.customer_id
            and customers_on_snapshots.snapshot_date
            = changes_by_snapshot.snapshot_date

    left join kept_purchase_dates
        on
            customers_on_snapshots.customer_id
            = kept_purchase_dates.customer_id
            and customers_on_snapshots.snapshot_date
            = kept_purchase_dates.snapshot_date

    window to_date as (
        partition by customers_on_snapshots.customer_id
        order by customers_on_snapshots.snapshot_date
        rows between unbounded preceding and current row
    )

),

order_dates as (

    select
        running_totals.customer_id,
        running_totals.snapshot_date,
        running_totals.previous_snapshot_date,
        running_totals.first_seen_date,

        running_totals.new_order_count,
        running_totals.new_fully_refunded_order_count,
        running_totals.new_refund_amount,
        running_totals.lifetime_order_count,
        running_totals.lifetime_net_amount,
        running_totals.frequency,
        running_totals.monetary_amount,

        least(
            running_totals.first_kept_purchase_date,
            refunded_purchase_dates.first_purchase_date
        ) as first_order_date,
        greatest(
            running_totals.last_kept_purchase_date,
            refunded_purchase_dates.last_purchase_date
        ) as last_order_date

    from running_totals

    left join refunded_purchase_dates
        on
            running_totals.customer_id = refunded_purchase_dates.customer_id
            and running_totals.snapshot_date
            = refunded_purchase_dates.snapshot_date

),

rfm_values as (

    select
        customer_id,
        snapshot_date,
        previous_snapshot_date,

        {{ days_between('last_order_date', 'snapshot_date') }} as recency_days,
        cast(frequency as bigint) as frequency,
        cast(monetary_amount as decimal(18, 2)) as monetary_amount,

        cast(lifetime_order_count as bigint) as lifetime_order_count,
        cast(lifetime_net_amount as decimal(18, 2)) as lifetime_net_amount,
        cast(new_order_count as bigint) as new_order_count,
        cast(new_fully_refunded_order_count as bigint)
            as new_fully_refunded_order_count,
        cast(new_refund_amount as decimal(18, 2)) as new_refund_amount,

        first_seen_date,
        first_order_date,
        last_order_date

    from order_dates

)

select * from rfm_values
