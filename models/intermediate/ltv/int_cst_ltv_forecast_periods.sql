{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

spans as (

    select * from {{ ref('int_cst_ltv_spans') }}

),

season_indexes as (

    select * from {{ ref('int_cst_ltv_season_indexes') }}

),

month_numbers as (
    {{ numbers(0, ltv_forecast_months() - 1) }}
),

forecast_months as (

    select
        spans.snapshot_date,
        {{ add_months(
            'cast(' ~ dbt.date_trunc(
                'month', add_days('spans.snapshot_date', 1)
            ) ~ ' as date)',
            'month_numbers.number'
        ) }} as forecast_month,
        spans.due_days,
        {{ horizon_days }} - spans.entered_days as rest_days,
        spans.validation_days,
        greatest(coalesce(spans.validation_days, 0), {{ horizon_days }})
            as last_day_ahead

    from spans

    cross join month_numbers

),

-- days are counted from the snapshot date, which is day 0
months_ahead as (

    select
        *,
        greatest(
            {{ days_between('snapshot_date', 'forecast_month') }}, 1
        ) as from_day,
        {{ days_between('snapshot_date', 'last_day(forecast_month)') }}
            as to_day,
        extract(day from last_day(forecast_month)) as month_day_count

    from forecast_months

),

day_counts as (

    select
        *,
        {%- for span, last_day in [
            ('', horizon_days),
            ('due_', 'due_days'),
            ('rest_', 'rest_days'),
            ('validation_', 'validation_days'),
        ] %}
        case
            when {{ last_day }} is not null
                then greatest(least(to_day, {{ last_day }}) - from_day + 1, 0)
        end as {{ span }}day_count,
        {%- endfor %}
        -- money comes in the middle of its period, on average
        {{ ltv_discount_factor(
            '(from_day - 1 + least(to_day, ' ~ horizon_days ~ '))'
            ~ ' / cast(2 as double)'
        ) }} as discount_factor

    from months_ahead

    where from_day <= last_day_ahead

),

forecast_periods as (

    select
        day_counts.snapshot_date,
        day_counts.forecast_month,

        day_counts.month_day_count,
        day_counts.day_count,
        day_counts.due_day_count,
        day_counts.day_count - day_counts.rest_day_count as entered_day_count,
        day_counts.rest_day_count,
        day_counts.validation_day_count,

        day_counts.discount_factor,
        coalesce(season_indexes.season_index, cast(1 as double))
            as season_index

    from day_counts

    left join season_indexes
        on
            day_counts.snapshot_date = season_indexes.snapshot_date
            and extract(month from day_counts.forecast_month)
            = season_indexes.calendar_month

)

select * from forecast_periods
