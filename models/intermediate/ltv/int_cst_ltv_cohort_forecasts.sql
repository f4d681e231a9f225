{%- set discounted_amount =
    'cast(expected_amount * discount_factor as decimal(24, 2))' -%}

with

cohort_bases as (

    select * from {{ ref('int_cst_ltv_cohort_bases') }}

),

forecast_periods as (

    select * from {{ ref('int_cst_ltv_forecast_periods') }}

),

-- a tail drawn from fewer months would be a guess, so the forecast is withheld
development as (

    select * from {{ ref('int_cst_ltv_development') }}

    where oldest_age_months >= {{ ltv_tail_months() }}

),

expected_amounts as (

    select
        cohort_bases.snapshot_date,
        cohort_bases.acquisition_month,
        forecast_periods.forecast_month,
        this_month.age_months,
        this_month.is_tail,
        cast(cohort_bases.base_amount as double)
        * forecast_periods.month_share
        * (this_month.growth - month_before.growth)
        / base_month.growth as expected_amount,
        forecast_periods.discount_factor,
        forecast_periods.day_count,
        forecast_periods.due_day_count

    from cohort_bases

    inner join forecast_periods
        on cohort_bases.snapshot_date = forecast_periods.snapshot_date

    inner join development as this_month
        on
            cohort_bases.snapshot_date = this_month.snapshot_date
            and {{ months_between(
                'cohort_bases.acquisition_month',
                'forecast_periods.forecast_month'
            ) }} = this_month.age_months

    -- Age 0 has no month before it, so nothing more is expected of the month in
    -- which a cohort is acquired: it counts as complete.
    inner join development as month_before
        on
            this_month.snapshot_date = month_before.snapshot_date
            and this_month.age_months = month_before.age_months + 1

    inner join development as base_month
        on
            cohort_bases.snapshot_date = base_month.snapshot_date
            and cohort_bases.base_age_months = base_month.age_months

),

cohort_forecasts as (

    select
        snapshot_date,
        acquisition_month,
        forecast_month,

        age_months,
        is_tail,

        cast(expected_amount as decimal(24, 2)) as expected_amount,
        {{ discounted_amount }} as discounted_amount,
        {{ average_amount(
            '(' ~ discounted_amount ~ ' * due_day_count)', 'day_count'
        ) }} as due_amount

    from expected_amounts

)

select * from cohort_forecasts
