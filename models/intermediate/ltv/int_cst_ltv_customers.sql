with

rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from {{ ref('int_cst_snapshot_dates') }}

),

purchase_day_changes as (

    select
        purchase_days.customer_id,
        {{ snapshot_on_or_after(
            'purchase_days.purchase_date', 'snapshot_bounds'
        ) }} as snapshot_date,
        1 as purchase_change

    from purchase_days

    cross join snapshot_bounds

    union all

    select
        purchase_days.customer_id,
        {{ snapshot_on_or_after(
            'purchase_days.fully_refunded_date', 'snapshot_bounds'
        ) }} as snapshot_date,
        -1 as purchase_change

    from purchase_days

    cross join snapshot_bounds

),

purchase_changes as (

    select
        customer_id,
        snapshot_date,
        sum(purchase_change) as purchase_change

    from purchase_day_changes

    where snapshot_date is not null

    group by
        customer_id,
        snapshot_date

),

purchase_counts as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,
        rfm_values.frequency,
        rfm_values.monetary_amount,
        rfm_values.lifetime_net_amount,
        rfm_values.first_order_date,
        rfm_values.last_order_date,
        sum(coalesce(purchase_changes.purchase_change, 0)) over (
            partition by rfm_values.customer_id
            order by rfm_values.snapshot_date
            rows between unbounded preceding and current row
        ) as purchase_count

    from rfm_values

    left join purchase_changes
        on
            rfm_values.customer_id = purchase_changes.customer_id
            and rfm_values.snapshot_date = purchase_changes.snapshot_date

),

entries_by_purchase_date as (

    select
        customer_id,
        purchase_date,
        posted_date,
        sum(gross_amount - refund_amount) as net_amount

    from ledger_entries

    group by
        customer_id,
        purchase_date,
        posted_date

),

-- who has no purchase that stands is no customer, and leaves here: one row per
-- day on which money of the first purchase moved, a sale and seldom a refund
first_purchase_amounts as (

    select
        purchase_counts.customer_id,
        purchase_counts.snapshot_date,
        sum(entries_by_purchase_date.net_amount) as net_amount

    from purchase_counts

    inner join entries_by_purchase_date
        on
            purchase_counts.customer_id
            = entries_by_purchase_date.customer_id
            and purchase_counts.first_order_date
            = entries_by_purchase_date.purchase_date
            and purchase_counts.snapshot_date
            >= entries_by_purchase_date.posted_date

    group by
        purchase_counts.customer_id,
        purchase_counts.snapshot_date

),

customers as (

    select
        purchase_counts.customer_id,
        purchase_counts.snapshot_date,
        acquisitions.acquisition_month,

        cast(purchase_counts.purchase_count as bigint) as purchase_count,
        cast(purchase_counts.purchase_count - 1 as bigint) as repeat_count,
        {{ days_between(
            'purchase_counts.first_order_date',
            'purchase_counts.last_order_date'
        ) }} as days_to_last_purchase,
        {{ days_between(
            'purchase_counts.first_order_date',
            'purchase_counts.snapshot_date'
        ) }} as days_observed,

        purchase_counts.lifetime_net_amount,
        cast(
            purchase_counts.lifetime_net_amount
            - first_purchase_amounts.net_amount as decimal(18, 2)
        ) as repeat_net_amount,
        purchase_counts.frequency as window_order_count,
        purchase_counts.monetary_amount as window_net_amount,

        purchase_counts.first_order_date,
        purchase_counts.last_order_date

    from purchase_counts

    inner join acquisitions
        on purchase_counts.customer_id = acquisitions.customer_id

    inner join first_purchase_amounts
        on
            purchase_counts.customer_id = first_purchase_amounts.customer_id
            and purchase_counts.snapshot_date
            = first_purchase_amounts.snapshot_date

)

select * from customers
