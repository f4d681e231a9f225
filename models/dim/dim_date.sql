with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

years as (

    select
        cast({{ dbt.date_trunc('year', 'min(first_seen_date)') }} as date)
            as first_date,
        cast({{ dbt.date_trunc('year', 'max(snapshot_date)') }} as date)
            as newest_year_date

    from customers_on_snapshots

),

-- whole years, one more than the data, so that open windows have their dates:
-- 731 days hold two years with or without a leap day
range_of_dates as (

    select
        first_date,
        cast({{ dbt.date_trunc(
            'year', add_days('newest_year_date', 731)
        ) }} as date) as end_date

    from years

    -- no data, no dates
    where newest_year_date is not null

),

dates as (

    select
        {{ date_series('first_date', add_days('end_date', -1)) }} as date_day

    from range_of_dates

),

weeks as (

    select
        date_day,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date)
            as week_start_date

    from dates

),

date_parts as (

    select
        date_day,

        cast(extract(year from date_day) as integer) as year_number,
        cast(extract(quarter from date_day) as integer) as quarter_number,
        cast(extract(month from date_day) as integer) as month_number,
        cast(extract(day from date_day) as integer) as day_of_month,
        cast({{ days_between('week_start_date', 'date_day') }} + 1 as integer)
            as day_of_week,
        cast(
            extract(year from {{ add_days('week_start_date', 3) }}) as integer
        ) as iso_year_number,
        cast(extract(week from date_day) as integer) as iso_week_number,

        substr(cast(date_day as string), 1, 7) as year_month,

        week_start_date,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date)
            as month_start_date,
        last_day(date_day) as month_end_date

    from weeks

),

dates_labeled as (

    select
        date_day,

        year_number,
        quarter_number,
        month_number,
        day_of_month,
        day_of_week,
        iso_year_number,
        iso_week_number,

        year_month,
        concat(cast(month_number as string), '月') as month_name_zh,
        case month_number
            {%- for name in [
                'January', 'February', 'March', 'April', 'May', 'June', 'July',
                'August', 'September', 'October', 'November', 'December'
            ] %}
            when {{ loop.index }} then '{{ name }}'
            {%- endfor %}
        end as month_name_en,
        case day_of_week
            {%- for name in ['一', '二', '三', '四', '五', '六', '日'] %}
            when {{ loop.index }} then '星期{{ name }}'
            {%- endfor %}
        end as day_name_zh,
        case day_of_week
            {%- for name in [
                'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday',
                'Saturday', 'Sunday'
            ] %}
            when {{ loop.index }} then '{{ name }}'
            {%- endfor %}
        end as day_name_en,

        day_of_week >= 6 as is_weekend,
        date_day = month_end_date as is_month_end,

        week_start_date,
        month_start_date,
        month_end_date

    from date_parts

)

select * from dates_labeled
