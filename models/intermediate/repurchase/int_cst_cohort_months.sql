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
            as cohort_month

    from standing_purchases

    group by customer_id

),

entries_by_month as (

    select
        standing_purchases.customer_id,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)
            as activity_month,
        sum(greatest(ledger_entries.order_count, 0)) as order_count,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount

    from standing_purchases

    inner join ledger_entries
        on
            standing_purchases.order_id = ledger_entries.order_id
            and standing_purchases.as_of_date >= ledger_entries.posted_date

    group by
        standing_purchases.customer_id,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)

),

-- the first purchase retains nobody: in its month it takes a second one
cohort_months as (

    select
        customer_cohorts.cohort_month,
        entries_by_month.activity_month,

        cast(sum(
            case
                when
                    entries_by_month.activity_month
                    = customer_cohorts.cohort_month
                    then 1
                else 0
            end
        ) as bigint) as new_customer_count,
        cast(sum(
            case
                when
                    entries_by_month.order_count
                    > case
                        when
                            entries_by_month.activity_month
                            = customer_cohorts.cohort_month
                            then 1
                        else 0
                    end
                    then 1
                else 0
            end
        ) as bigint) as retained_customer_count,
        cast(sum(entries_by_month.order_count) as bigint) as order_count,
        cast(sum(entries_by_month.net_amount) as decimal(18, 2)) as net_amount

    from customer_cohorts

    inner join entries_by_month
        on customer_cohorts.customer_id = entries_by_month.customer_id

    group by
        customer_cohorts.cohort_month,
        entries_by_month.activity_month

)

select * from cohort_months
