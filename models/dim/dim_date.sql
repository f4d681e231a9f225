with

retail_calendar as (

    select * from {{ ref('int_cst_retail_calendar') }}

),

weeks as (

    select
        *,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date)
            as week_start_date

    from retail_calendar

),

date_parts as (

    select
        *,

        cast(extract(year from date_day) as integer) as year_number,
        cast(extract(quarter from date_day) as integer) as quarter_number,
        cast(extract(month from date_day) as integer) as month_number,
        cast(extract(day from date_day) as integer) as day_of_month,
        cast({{ days_between('week_start_date', 'date_day') }} + 1 as integer)
            as day_of_week,
        -- an ISO week belongs to the year of its Thursday
        cast(
            extract(year from {{ add_days('week_start_date', 3) }}) as integer
        ) as iso_year_number,
        cast(extract(week from date_day) as integer) as iso_week_number,

        cast({{ dbt.date_trunc('month', 'date_day') }} as date)
            as month_start_date,
        last_day(date_day) as month_end_date

    from weeks

),

labeled_dates as (

    select
        date_day,

        year_number,
        quarter_number,
        month_number,
        day_of_month,
        day_of_week,
        iso_year_number,
        iso_week_number,
        fiscal_year_number,
        fiscal_quarter_number,
        fiscal_month_number,

        substr(cast(date_day as string), 1, 7) as year_month,
        concat(cast(month_number as string), '月') as month_name_zh,
        case month_number
            {%- for name in [
                'January', 'February', 'March', 'April', 'May', 'June', 'July',
                'August', 'September', 'October', 'November', 'December'
            ] %}
            when {{ loop.index }} then '{{ name }}'
            {%- endfor %}
        end as month_name_en,
        concat('星期', substr('一二三四五六日', day_of_week, 1)) as day_name_zh,
        case day_of_week
            {%- for name in [
                'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday',
                'Saturday', 'Sunday'
            ] %}
            when {{ loop.index }} then '{{ name }}'
            {%- endfor %}
        end as day_name_en,
        holiday_code,
        holiday_name_zh,
        holiday_name_en,
        retail_period_code,
        retail_period_name_zh,
        retail_period_name_en,

        day_of_week >= 6 as is_weekend,
        is_public_holiday,
        is_working_day,
        date_day = month_end_date as is_month_end,

        week_start_date,
        month_start_date,
        month_end_date,
        {{ add_months('date_day', -12) }} as last_year_date,
        {{ add_days('date_day', -364) }} as last_year_weekday_date

    from date_parts

)

select * from labeled_dates
