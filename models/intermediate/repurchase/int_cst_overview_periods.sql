with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

calendar_dates as (

    select * from {{ ref('int_cst_calendar_dates') }}

),

orders_numbered as (

    select * from {{ ref('int_cst_orders_numbered') }}

    where is_counted

),

bounds as (

    select
        min(orders_numbered.purchase_date) as first_date,
        max(snapshot_dates.snapshot_date) as as_of_date

    from orders_numbered

    cross join snapshot_dates

    where snapshot_dates.is_current

),

period_starts as (

    {% for period_type in overview_periods() -%}
    select distinct
        '{{ period_type }}' as period_type,
        cast(
            {{ dbt.date_trunc(period_type, 'calendar_dates.date_day') }} as date
        ) as period_start_date,
        bounds.first_date,
        bounds.as_of_date

    from calendar_dates

    inner join bounds
        on
            calendar_dates.date_day between bounds.first_date
            and bounds.as_of_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- an ISO week belongs to the year of its Thursday
periods as (

    select
        period_type,
        period_start_date,
        case period_type
            when 'day' then cast(period_start_date as string)
            when 'week'
                then concat(
                    cast(
                        extract(
                            year from {{ add_days('period_start_date', 3) }}
                        ) as string
                    ),
                    '-W',
                    lpad(
                        cast(extract(week from period_start_date) as string),
                        2, '0'
                    )
                )
            when 'month' then substr(cast(period_start_date as string), 1, 7)
            when 'quarter'
                then concat(
                    substr(cast(period_start_date as string), 1, 4), '-Q',
                    cast(extract(quarter from period_start_date) as string)
                )
            when 'year' then substr(cast(period_start_date as string), 1, 4)
        end as period_code,
        {{ add_days('(' ~ period_moved(1) ~ ')', -1) }} as period_end_date,
        {{ period_moved(-1) }} as previous_start_date,
        case
            when period_type = 'week'
                then {{ add_days('period_start_date', -364) }}
            else {{ add_months('period_start_date', -12) }}
        end as last_year_start_date,
        first_date,
        as_of_date

    from period_starts

),

-- the last period end before each day
days as (

    select
        calendar_dates.date_day,
        max(snapshot_dates.snapshot_date) over (
            order by calendar_dates.date_day
            rows between unbounded preceding and 1 preceding
        ) as state_date

    from calendar_dates

    left join snapshot_dates
        on
            calendar_dates.date_day = snapshot_dates.snapshot_date
            and snapshot_dates.is_period_end

),

overview_periods as (

    select
        periods.period_type,
        periods.period_code,
        periods.period_start_date,
        periods.period_end_date,
        periods.previous_start_date,
        periods.last_year_start_date,
        days.state_date,
        periods.period_start_date >= periods.first_date
        and periods.period_end_date <= periods.as_of_date as is_complete

    from periods

    left join days
        on periods.period_start_date = days.date_day

)

select * from overview_periods
