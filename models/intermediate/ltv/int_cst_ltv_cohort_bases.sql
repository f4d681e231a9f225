{#- The end of the newest month that is over by the snapshot date. -#}
{%- set newest_month_end = add_days(
    'cast(' ~ dbt.date_trunc(
        'month', add_days('snapshot_dates.snapshot_date', 1)
    ) ~ ' as date)', -1
) -%}

with

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

),

first_month_amounts as (

    select
        acquisitions.acquisition_month,
        ledger_entries.posted_date,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount

    from ledger_entries

    inner join acquisitions
        on ledger_entries.customer_id = acquisitions.customer_id

    where
        last_day(ledger_entries.posted_date)
        = last_day(acquisitions.acquisition_month)

    group by
        acquisitions.acquisition_month,
        ledger_entries.posted_date

),

cohort_bases as (

    select
        snapshot_dates.snapshot_date,
        triangle.acquisition_month,

        triangle.age_months as base_age_months,
        triangle.cumulative_net_amount as base_amount

    from snapshot_dates

    inner join triangle
        on {{ newest_month_end }} = triangle.month_end_date

    union all

    -- the triangle does not hold the month still in progress, and so not the
    -- customers acquired in it
    select
        snapshot_dates.snapshot_date,
        first_month_amounts.acquisition_month,

        0 as base_age_months,
        cast(sum(first_month_amounts.net_amount) as decimal(18, 2))
            as base_amount

    from snapshot_dates

    inner join first_month_amounts
        on
            last_day(snapshot_dates.snapshot_date)
            = last_day(first_month_amounts.acquisition_month)
            and snapshot_dates.snapshot_date >= first_month_amounts.posted_date

    where snapshot_dates.snapshot_date != last_day(snapshot_dates.snapshot_date)

    group by
        snapshot_dates.snapshot_date,
        first_month_amounts.acquisition_month

)

select * from cohort_bases
