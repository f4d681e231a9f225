with

cohort_bases as (

    select
        *,
        lag(refund_share) over (
            partition by acquisition_month
            order by snapshot_date
        ) as refund_share_before

    from {{ ref('int_cst_ltv_cohort_bases') }}

),

forecast_periods as (

    select * from {{ ref('int_cst_ltv_forecast_periods') }}

),

-- a tail drawn from fewer months would be a guess, so the forecast is withheld
development as (

    select
        *,
        growth - lag(growth) over (
            partition by snapshot_date
            order by age_months
        ) as gain

    from {{ ref('int_cst_ltv_development') }}

    where oldest_age_months >= {{ ltv_tail_months() }}

),

-- what the snapshot before knew of the same age
growths as (

    select
        *,
        lag(growth) over of_age as growth_before,
        lag(gain) over of_age as gain_before

    from development

    window of_age as (partition by age_months order by snapshot_date)

),

-- What a whole month brings. Age 0 has no month before it, so nothing more is
-- expected of the month in which a cohort is acquired: it counts as complete.
month_amounts as (

    select
        cohort_bases.acquisition_month,
        this_month.age_months,
        this_month.is_tail,

        {%- for before in ['', '_before'] %}
        cast(cohort_bases.base_gross_amount as double)
        * (1 - cohort_bases.refund_share{{ before }})
        * this_month.gain{{ before }} / base_month.growth{{ before }}
        * forecast_periods.season_index as month_amount{{ before }},
        {%- endfor %}

        forecast_periods.*

    from cohort_bases

    inner join forecast_periods
        on cohort_bases.snapshot_date = forecast_periods.snapshot_date

    inner join growths as this_month
        on
            cohort_bases.snapshot_date = this_month.snapshot_date
            and this_month.age_months > 0
            and {{ months_between(
                'cohort_bases.acquisition_month',
                'forecast_periods.forecast_month'
            ) }} = this_month.age_months

    inner join growths as base_month
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

        {%- for name, amount, days, factor in [
            ('expected_amount', 'month_amount', 'day_count', 1),
            ('discounted_amount', 'month_amount', 'day_count',
                'discount_factor'),
            ('due_amount', 'month_amount', 'due_day_count', 'discount_factor'),
            ('entered_amount', 'month_amount', 'entered_day_count',
                'discount_factor'),
            ('rest_amount_before_refit', 'month_amount_before',
                'rest_day_count', 'discount_factor'),
        ] %}
        cast(
            {{ amount }} * {{ factor }} * {{ days }} / month_day_count
            as decimal(24, 2)
        ) as {{ name }},
        {%- endfor %}
        cast(
            month_amount * validation_day_count / month_day_count
            as decimal(24, 2)
        ) as validation_amount

    from month_amounts

)

select * from cohort_forecasts
