{#- A fiscal year is named by the year in which it ends. -#}
{%- set months_ahead = (13 - cst_var('cst_fiscal_start_month')) % 12 -%}
{#- Of other years nobody has said which days are off. -#}
{%- set are_holidays_known =
    'count(public_holidays.date_day) over ('
    ~ 'partition by calendar_dates.year_number) > 0' -%}

with

calendar_dates as (

    select
        date_day,
        {{ add_months('date_day', months_ahead) }} as fiscal_day,
        cast(extract(year from date_day) as integer) as year_number,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date)
            as week_start_date

    from {{ ref('int_cst_calendar_dates') }}

),

public_holidays as (

    select * from {{ ref('cst_public_holidays') }}

),

retail_periods as (

    select * from {{ ref('cst_retail_periods') }}

),

retail_calendar as (

    select
        calendar_dates.date_day,

        case
            when {{ are_holidays_known }}
                then coalesce(public_holidays.is_day_off, false)
        end as is_public_holiday,
        case
            when {{ are_holidays_known }}
                then not coalesce(
                    public_holidays.is_day_off,
                    {{ days_between(
                        'calendar_dates.week_start_date',
                        'calendar_dates.date_day',
                    ) }} >= 5
                )
        end as is_working_day,
        public_holidays.holiday_code,
        public_holidays.holiday_name_zh,
        public_holidays.holiday_name_en,
        retail_periods.retail_period_code,
        retail_periods.retail_period_name_zh,
        retail_periods.retail_period_name_en,

        cast(extract(year from calendar_dates.fiscal_day) as integer)
            as fiscal_year_number,
        cast(extract(quarter from calendar_dates.fiscal_day) as integer)
            as fiscal_quarter_number,
        cast(extract(month from calendar_dates.fiscal_day) as integer)
            as fiscal_month_number

    from calendar_dates

    left join public_holidays
        on calendar_dates.date_day = public_holidays.date_day

    left join retail_periods
        on
            calendar_dates.date_day >= retail_periods.first_date
            and calendar_dates.date_day <= retail_periods.last_date

)

select * from retail_calendar
