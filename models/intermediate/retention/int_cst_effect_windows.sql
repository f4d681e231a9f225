with

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- before the first visit, and the first order whose cost is known, nothing can
-- be said of them
logs as (

    select
        min(case when visit_count > 0 then fact_date end) as visits_begin_date,
        min(case when profit_net_amount > 0 then started_date end)
            as profits_begin_date

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

        logs.visits_begin_date,
        logs.profits_begin_date,
        as_of.as_of_date

    from windows

    cross join logs

    cross join as_of

)

select * from windows_with_dates
