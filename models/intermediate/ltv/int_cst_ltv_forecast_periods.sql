{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

month_numbers as (
    {{ numbers(0, ltv_forecast_months() - 1) }}
),

forecast_months as (

    select
        snapshot_dates.snapshot_date,
        snapshot_dates.next_snapshot_date,
        {{ add_days('snapshot_dates.snapshot_date', horizon_days) }}
            as horizon_end_date,
        {{ add_months(
            'cast(' ~ dbt.date_trunc(
                'month', add_days('snapshot_dates.snapshot_date', 1)
            ) ~ ' as date)',
            'month_numbers.number'
        ) }} as forecast_month

    from snapshot_dates

    cross join month_numbers

),

periods as (

    select
        *,
        greatest({{ add_days('snapshot_date', 1) }}, forecast_month)
            as period_start_date,
        least(horizon_end_date, last_day(forecast_month)) as period_end_date

    from forecast_months

    where forecast_month <= horizon_end_date

),

forecast_periods as (

    select
        snapshot_date,
        forecast_month,

        cast(
            {{ days_between('period_start_date', 'period_end_date') }} + 1
            as double
        ) / extract(day from last_day(forecast_month)) as month_share,
        -- money comes in the middle of its period, on average
        {{ ltv_discount_factor(
            '(' ~ days_between('snapshot_date', 'period_start_date') ~ ' - 1 + '
            ~ days_between('snapshot_date', 'period_end_date')
            ~ ') / cast(2 as double)'
        ) }} as discount_factor,

        {{ days_between('period_start_date', 'period_end_date') }} + 1
            as day_count,
        case
            when next_snapshot_date is not null
                then greatest({{ days_between(
                    'period_start_date',
                    'least(period_end_date, next_snapshot_date)'
                ) }} + 1, 0)
        end as due_day_count,

        period_start_date,
        period_end_date

    from periods

)

select * from forecast_periods
