-- The slow way: every snapshot looks at every order and refund before it.
with

orders as (

    select
        order_id,
        customer_id,
        order_amount,
        purchase_date

    from {{ ref('int_cst_purchases') }}

),

refunds as (

    select
        refunds.order_id,
        {{ unrounded_amount('refunds.refund_amount', 'orders.exchange_rate') }}
            as refund_amount,
        refunds.refunded_date

    from {{ ref('stg_trd__refunds') }} as refunds

    inner join {{ ref('stg_trd__orders') }} as orders
        on refunds.order_id = orders.order_id

),

snapshot_dates as (

    select snapshot_date

    from {{ ref('int_cst_snapshots_due') }}

    where is_due

),

orders_as_of as (

    select
        snapshot_dates.snapshot_date,
        orders.order_id,
        orders.customer_id,
        orders.order_amount,
        orders.purchase_date,
        cast(
            round(coalesce(sum(refunds.refund_amount), 0), 2) as decimal(18, 2)
        ) as refunded_amount

    from snapshot_dates

    inner join orders
        on snapshot_dates.snapshot_date >= orders.purchase_date

    left join refunds
        on
            orders.order_id = refunds.order_id
            and snapshot_dates.snapshot_date >= refunds.refunded_date

    group by
        snapshot_dates.snapshot_date,
        orders.order_id,
        orders.customer_id,
        orders.order_amount,
        orders.purchase_date

),

standing_orders as (

    select
        snapshot_date,
        customer_id,
        purchase_date,
        {{ days_between('purchase_date', 'snapshot_date') }} as age_days,
        order_amount - least(refunded_amount, order_amount) as net_amount

    from orders_as_of

    where
        refunded_amount = 0
        or refunded_amount < order_amount
        or order_amount = 0

),

expected as (

    select
        snapshot_date,
        customer_id,
        count(*) as lifetime_order_count,
        sum(net_amount) as lifetime_net_amount,
        sum(
            case
                when age_days < {{ cst_var('rfm_window_days') or 99999 }}
                    then 1
                else 0
            end
        ) as frequency,
        sum(
            case
                when age_days < {{ cst_var('rfm_window_days') or 99999 }}
                    then net_amount
                else 0
            end
        ) as monetary_amount,
        min(age_days) as recency_days,
        min(purchase_date) as first_order_date

    from standing_orders

    group by
        snapshot_date,
        customer_id

),

actual as (

    select *

    from {{ ref('int_cst_segmentation') }}

    where last_order_date is not null

)

select
    coalesce(actual.customer_id, expected.customer_id) as customer_id,
    coalesce(actual.snapshot_date, expected.snapshot_date) as snapshot_date,
    actual.frequency,
    expected.frequency as expected_frequency,
    actual.monetary_amount,
    expected.monetary_amount as expected_monetary_amount,
    actual.recency_days,
    expected.recency_days as expected_recency_days

from expected

full outer join actual
    on
        expected.customer_id = actual.customer_id
        and expected.snapshot_date = actual.snapshot_date

where
    actual.customer_id is null
    or expected.customer_id is null
    or actual.frequency != expected.frequency
    or actual.monetary_amount != expected.monetary_amount
    or actual.recency_days != expected.recency_days
    or actual.lifetime_order_count != expected.lifetime_order_count
    or actual.lifetime_net_amount != expected.lifetime_net_amount
    or actual.first_order_date != expected.first_order_date
