with

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- the sums of a month that is over hold for every later snapshot, as a refund
-- counts in its own month: so one triangle serves them all
monthly_amounts as (

    select
        acquisitions.acquisition_month,
        cast({{ dbt.date_trunc(
            'month', 'orders_daily.business_date'
        ) }} as date) as activity_month,
        sum(orders_daily.net_amount) as net_amount

    from orders_daily

    inner join acquisitions
        on orders_daily.customer_id = acquisitions.customer_id

    group by
        acquisitions.acquisition_month,
        cast({{ dbt.date_trunc(
            'month', 'orders_daily.business_date'
        ) }} as date)

),

cohorts as (

    select
        acquisition_month,
        count(*) as customer_count

    from acquisitions

    group by acquisition_month

),

first_months as (

    select min(acquisition_month) as first_month

    from cohorts

),

calendar_dates as (

    select
        snapshot_dates.snapshot_date as last_snapshot_date,
        {{ date_series(
            'first_months.first_month', 'snapshot_dates.snapshot_date'
        ) }} as calendar_date

    from snapshot_dates

    inner join first_months
        on snapshot_dates.snapshot_date >= first_months.first_month

    where snapshot_dates.is_current

),

calendar_months as (

    select
        calendar_date as activity_month,
        last_snapshot_date,
        last_day(calendar_date) as month_end_date

    from calendar_dates

    where
        calendar_date
        = cast({{ dbt.date_trunc('month', 'calendar_date') }} as date)

),

cohorts_by_month as (

    select
        cohorts.acquisition_month,
        calendar_months.activity_month,
        calendar_months.month_end_date,
        cohorts.customer_count,
        calendar_months.month_end_date <= calendar_months.last_snapshot_date
            as is_mature,
        coalesce(monthly_amounts.net_amount, 0) as net_amount,
        sum(coalesce(monthly_amounts.net_amount, 0)) over (
            partition by cohorts.acquisition_month
            order by calendar_months.activity_month
            rows between unbounded preceding and current row
        ) as cumulative_net_amount

    from cohorts

    inner join calendar_months
        on cohorts.acquisition_month <= calendar_months.activity_month

    left join monthly_amounts
        on
            cohorts.acquisition_month = monthly_amounts.acquisition_month
            and calendar_months.activity_month = monthly_amounts.activity_month

),

-- a month that is not over yet says nothing: null, never a low number
triangle as (

    select
        acquisition_month,
        {{ months_between('acquisition_month', 'activity_month') }}
            as age_months,
        activity_month,

        cast(case when is_mature then customer_count end as bigint)
            as customer_count,
        cast(case when is_mature then net_amount end as decimal(18, 2))
            as net_amount,
        cast(
            case when is_mature then cumulative_net_amount end
            as decimal(18, 2)
        ) as cumulative_net_amount,

        is_mature,

        month_end_date

    from cohorts_by_month

)

select * from triangle
