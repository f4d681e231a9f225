with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

-- an order refunded in full by the as-of date founds no cohort and retains
-- nobody
standing_purchases as (

    select
        purchases.order_id,
        purchases.customer_id,
        purchases.purchase_date,
        snapshot_dates.snapshot_date as as_of_date

    from purchases

    inner join snapshot_dates
        on purchases.purchase_date <= snapshot_dates.snapshot_date

    where
        purchases.fully_refunded_date is null
        or purchases.fully_refunded_date > snapshot_dates.snapshot_date

),

customer_cohorts as (

    select
        customer_id,
        cast({{ dbt.date_trunc('month', 'min(purchase_date)') }} as date)
            as cohort_month,
        min(purchase_date) as first_purchase_date

    from standing_purchases

    group by customer_id

),

-- a purchase on the day of the first one, as of a split basket, is no return
entries_by_month as (

    select
        customer_cohorts.customer_id,
        customer_cohorts.cohort_month,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)
            as activity_month,
        bool_or(
            ledger_entries.order_count > 0
            and ledger_entries.posted_date
            > customer_cohorts.first_purchase_date
        ) as is_retained,
        sum(greatest(ledger_entries.order_count, 0)) as order_count,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount

    from standing_purchases

    inner join customer_cohorts
        on standing_purchases.customer_id = customer_cohorts.customer_id

    inner join ledger_entries
        on
            standing_purchases.order_id = ledger_entries.order_id
            and standing_purchases.as_of_date >= ledger_entries.posted_date

    group by
        customer_cohorts.customer_id,
        customer_cohorts.cohort_month,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)

),

cohort_months as (

    select
        cohort_month,
        activity_month,

        count(case when activity_month = cohort_month then 1 end)
            as new_customer_count,
        count(case when is_retained then 1 end) as retained_customer_count,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(net_amount) as decimal(24, 2)) as net_amount

    from entries_by_month

    group by
        cohort_month,
        activity_month

)

select * from cohort_months
