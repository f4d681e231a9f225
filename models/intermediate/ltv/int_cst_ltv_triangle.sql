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

cohorts as (

    select
        acquisition_month,
        count(*) as customer_count

    from acquisitions

    group by acquisition_month

),

cohort_dates as (

    select
        cohorts.acquisition_month,
        cohorts.customer_count,
        {{ date_series(
            'cohorts.acquisition_month', 'snapshot_dates.snapshot_date'
        ) }} as calendar_date

    from cohorts

    inner join snapshot_dates
        on cohorts.acquisition_month <= snapshot_dates.snapshot_date

    where snapshot_dates.is_current

),

monthly_amounts as (

    select
        acquisitions.acquisition_month,
        last_day(ledger_entries.posted_date) as month_end_date,
        sum(ledger_entries.gross_amount) as gross_amount,
        sum(ledger_entries.refund_amount) as refund_amount

    from ledger_entries

    inner join acquisitions
        on ledger_entries.customer_id = acquisitions.customer_id

    group by
        acquisitions.acquisition_month,
        last_day(ledger_entries.posted_date)

),

triangle as (

    select
        cohort_dates.acquisition_month,
        {{ months_between(
            'cohort_dates.acquisition_month', 'cohort_dates.calendar_date'
        ) }} as age_months,

        cohort_dates.customer_count,
        cast(coalesce(monthly_amounts.gross_amount, 0) as decimal(24, 2))
            as gross_amount,
        {%- for amount in ['gross_amount', 'refund_amount'] %}
        cast(
            sum(coalesce(monthly_amounts.{{ amount }}, 0)) over to_date
            as decimal(24, 2)
        ) as cumulative_{{ amount }},
        {%- endfor %}

        cohort_dates.calendar_date as month_end_date

    from cohort_dates

    left join monthly_amounts
        on
            cohort_dates.acquisition_month = monthly_amounts.acquisition_month
            and cohort_dates.calendar_date = monthly_amounts.month_end_date

    -- the month still in progress would look like a weak one
    where cohort_dates.calendar_date = last_day(cohort_dates.calendar_date)

    window to_date as (
        partition by cohort_dates.acquisition_month
        order by cohort_dates.calendar_date
        rows between unbounded preceding and current row
    )

)

select * from triangle
