{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

    where is_mature

),

-- no forecast from fewer observed months than the tail is drawn from
development as (

    select * from {{ ref('int_cst_ltv_development') }}

    where oldest_age_months >= {{ ltv_tail_months() }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

months_ahead as (
    {{ numbers(1, ltv_forecast_months()) }}
),

snapshot_months as (

    select
        snapshot_date,
        cast({{ dbt.date_trunc('month', 'snapshot_date') }} as date)
            as snapshot_month,
        {{ add_days('snapshot_date', 1) }} as horizon_start_date,
        {{ add_days('snapshot_date', horizon_days) }} as horizon_end_date,
        snapshot_date = last_day(snapshot_date) as is_month_end

    from snapshot_dates

),

-- the newest month that is over
last_months as (

    select
        snapshot_date,
        snapshot_month,
        horizon_start_date,
        horizon_end_date,
        is_month_end,
        case
            when is_month_end then snapshot_month
            else {{ add_months('snapshot_month', -1) }}
        end as last_month

    from snapshot_months

),

forecast_months as (

    select
        last_months.snapshot_date,
        last_months.horizon_start_date,
        last_months.horizon_end_date,
        {{ add_months('last_months.last_month', 'months_ahead.number') }}
            as forecast_month

    from last_months

    cross join months_ahead

),

forecast_periods as (

    select
        snapshot_date,
        forecast_month,
        last_day(forecast_month) as month_end_date,
        greatest(horizon_start_date, forecast_month) as period_start_date,
        least(horizon_end_date, last_day(forecast_month)) as period_end_date

    from forecast_months

),

-- what comes within a period comes in its middle, on average
weighted_periods as (

    select
        snapshot_date,
        forecast_month,
        period_start_date,
        period_end_date,
        cast(
            {{ days_between('period_start_date', 'period_end_date') }} + 1
            as double
        ) / (
            {{ days_between('forecast_month', 'month_end_date') }} + 1
        ) as month_share,
        {{ ltv_discount_factor(
            '(' ~ days_between('snapshot_date', 'period_start_date') ~ ' - 1 + '
            ~ days_between('snapshot_date', 'period_end_date')
            ~ ') / cast(2 as double)'
        ) }} as discount_factor

    from forecast_periods

    where period_start_date <= period_end_date

),

first_month_days as (

    select
        acquisitions.acquisition_month,
        orders_daily.business_date,
        sum(orders_daily.net_amount) as net_amount

    from orders_daily

    inner join acquisitions
        on
            orders_daily.customer_id = acquisitions.customer_id
            and cast({{ dbt.date_trunc(
                'month', 'orders_daily.business_date'
            ) }} as date) = acquisitions.acquisition_month

    group by
        acquisitions.acquisition_month,
        orders_daily.business_date

),

-- customers won in a month that is not over yet stand as if it were over
bases as (

    select
        last_months.snapshot_date,
        triangle.acquisition_month,
        triangle.age_months as base_age_months,
        triangle.cumulative_net_amount as base_amount

    from last_months

    inner join triangle
        on last_months.last_month = triangle.activity_month

    union all

    select
        last_months.snapshot_date,
        first_month_days.acquisition_month,
        0 as base_age_months,
        sum(first_month_days.net_amount) as base_amount

    from last_months

    inner join first_month_days
        on
            last_months.snapshot_month = first_month_days.acquisition_month
            and last_months.snapshot_date >= first_month_days.business_date

    where not last_months.is_month_end

    group by
        last_months.snapshot_date,
        first_month_days.acquisition_month

),

bases_by_period as (

    select
        bases.snapshot_date,
        bases.acquisition_month,
        weighted_periods.forecast_month,
        bases.base_age_months,
        bases.base_amount,
        {{ months_between(
            'bases.acquisition_month', 'weighted_periods.forecast_month'
        ) }} as age_months,
        weighted_periods.month_share,
        weighted_periods.discount_factor,
        weighted_periods.period_start_date,
        weighted_periods.period_end_date

    from bases

    inner join weighted_periods
        on bases.snapshot_date = weighted_periods.snapshot_date

),

expected_amounts as (

    select
        bases_by_period.snapshot_date,
        bases_by_period.acquisition_month,
        bases_by_period.forecast_month,
        bases_by_period.age_months,
        bases_by_period.base_age_months,
        bases_by_period.base_amount,
        bases_by_period.month_share,
        bases_by_period.discount_factor,
        bases_by_period.period_start_date,
        bases_by_period.period_end_date,
        this_month.is_tail,
        cast(bases_by_period.base_amount as double)
        * bases_by_period.month_share
        * (this_month.growth - month_before.growth)
        / base_month.growth as expected_amount

    from bases_by_period

    inner join development as this_month
        on
            bases_by_period.snapshot_date = this_month.snapshot_date
            and bases_by_period.age_months = this_month.age_months

    inner join development as month_before
        on
            bases_by_period.snapshot_date = month_before.snapshot_date
            and bases_by_period.age_months = month_before.age_months + 1

    inner join development as base_month
        on
            bases_by_period.snapshot_date = base_month.snapshot_date
            and bases_by_period.base_age_months = base_month.age_months

    where bases_by_period.age_months > bases_by_period.base_age_months

),

cohort_forecasts as (

    select
        snapshot_date,
        acquisition_month,
        forecast_month,

        age_months,
        base_age_months,
        cast(base_amount as decimal(18, 2)) as base_amount,
        month_share,
        discount_factor,
        cast(expected_amount as decimal(18, 2)) as expected_amount,
        cast(expected_amount * discount_factor as decimal(18, 2))
            as discounted_amount,

        is_tail,

        period_start_date,
        period_end_date

    from expected_amounts

)

select * from cohort_forecasts
