with

known_dates as (

    select
        cast('2024-02-29' as date) as date_day,
        1 as quarter_number,
        4 as day_of_week,
        2024 as iso_year_number,
        9 as iso_week_number,
        '2月' as month_name_zh,
        '星期四' as day_name_zh,
        false as is_weekend,
        true as is_month_end,
        cast('2024-02-26' as date) as week_start_date,
        cast('2024-02-01' as date) as month_start_date

    union all

    -- a Sunday that still belongs to the last week of the year before
    select
        cast('2023-01-01' as date) as date_day,
        1 as quarter_number,
        7 as day_of_week,
        2022 as iso_year_number,
        52 as iso_week_number,
        '1月' as month_name_zh,
        '星期日' as day_name_zh,
        true as is_weekend,
        false as is_month_end,
        cast('2022-12-26' as date) as week_start_date,
        cast('2023-01-01' as date) as month_start_date

    union all

    -- a Monday that already belongs to the first week of the next year
    select
        cast('2024-12-30' as date) as date_day,
        4 as quarter_number,
        1 as day_of_week,
        2025 as iso_year_number,
        1 as iso_week_number,
        '12月' as month_name_zh,
        '星期一' as day_name_zh,
        false as is_weekend,
        false as is_month_end,
        cast('2024-12-30' as date) as week_start_date,
        cast('2024-12-01' as date) as month_start_date

)

select
    dates.date_day,
    dates.quarter_number,
    dates.day_of_week,
    dates.iso_year_number,
    dates.iso_week_number,
    dates.month_name_zh,
    dates.day_name_zh,
    dates.is_weekend,
    dates.is_month_end,
    dates.week_start_date,
    dates.month_start_date

from {{ ref('dim_date') }} as dates

inner join known_dates
    on dates.date_day = known_dates.date_day

where
    dates.quarter_number != known_dates.quarter_number
    or dates.day_of_week != known_dates.day_of_week
    or dates.iso_year_number != known_dates.iso_year_number
    or dates.iso_week_number != known_dates.iso_week_number
    or dates.month_name_zh != known_dates.month_name_zh
    or dates.day_name_zh != known_dates.day_name_zh
    or dates.is_weekend != known_dates.is_weekend
    or dates.is_month_end != known_dates.is_month_end
    or dates.week_start_date != known_dates.week_start_date
    or dates.month_start_date != known_dates.month_start_date
