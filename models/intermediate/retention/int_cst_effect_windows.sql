with

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

visit_log as (

    select min(case when visit_count > 0 then fact_date end) as begins_date

    from facts

),

as_of as (

    select max(last_snapshot_date) as as_of_date from snapshot_dates

),

windows as (

    {% for window in effect_windows() -%}
    select {{ window }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

windows_with_dates as (

    select
        cast(windows.window_days as integer) as window_days,

        visit_log.begins_date as visits_begin_date,
        as_of.as_of_date

    from windows

    cross join visit_log

    cross join as_of

)

select * from windows_with_dates
