{%- set start_date = cst_var('cst_start_date') -%}
{%- set as_of_date = cst_var('cst_as_of_date') -%}
{%- set restate_from = date_literal(cst_var('cst_restate_from')) -%}
{%- set restate_to = date_literal(cst_var('cst_restate_to')) -%}
{%- set newest_complete_date = add_days(
    'max(case when is_dated_ahead then null else ordered_date end)', -1
) -%}
{%- set holdout_since = date_literal(retention_holdout_since()) -%}

with

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

published_snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

    where is_period_end

),

-- the newest day as busy as usual may still be in progress, so the day before
-- is the newest complete one; what is known at a date ends there
range_of_dates as (

    select
        coalesce(
            {{ date_literal(start_date) }},
            min(case when is_dated_early then null else purchase_date end)
        ) as start_date,
        coalesce(
            {{ date_literal(as_of_date) }},
            {% if cst_var('cst_known_at') is none -%}
            {{ newest_complete_date }}
            {%- else -%}
            least({{ newest_complete_date }}, {{ known_date() }})
            {%- endif %}
        ) as as_of_date

    from orders

),

calendar_dates as (

    select
        as_of_date,
        {{ date_series('start_date', 'as_of_date') }} as calendar_date

    from range_of_dates

    where start_date <= as_of_date

),

lists_published as (

    select
        max(published_snapshots.snapshot_date) as published_date,
        min(
            case
                when published_snapshots.snapshot_date >= {{ holdout_since }}
                    then published_snapshots.snapshot_date
            end
        ) as holdout_since_date

    from published_snapshots

    cross join range_of_dates

    where published_snapshots.snapshot_date <= range_of_dates.as_of_date

),

snapshot_dates as (

    select
        calendar_dates.calendar_date as snapshot_date,
        calendar_dates.as_of_date,
        calendar_dates.calendar_date = {{ period_end(
            'calendar_dates.calendar_date'
        ) }} as is_period_end,
        published_snapshots.snapshot_date is not null as is_published,
        lists_published.published_date,
        lists_published.holdout_since_date

    from calendar_dates

    cross join lists_published

    left join published_snapshots
        on calendar_dates.calendar_date = published_snapshots.snapshot_date

    where
        calendar_dates.calendar_date
        = {{ period_end('calendar_dates.calendar_date') }}
        or calendar_dates.calendar_date = calendar_dates.as_of_date

),

snapshots_in_order as (

    select
        snapshot_date,
        lag(snapshot_date) over (order by snapshot_date)
            as previous_snapshot_date,
        lead(snapshot_date) over (order by snapshot_date)
            as next_snapshot_date,
        min(snapshot_date) over () as first_snapshot_date,
        as_of_date as last_snapshot_date,
        max(case when is_period_end then snapshot_date end) over ()
            as list_date,

        is_period_end,
        is_published,
        is_published and coalesce(
            snapshot_date between {{ restate_from }} and {{ restate_to }}, false
        ) as is_restated,
        is_published
        and {{ days_between('snapshot_date', 'as_of_date') }}
        >= {{ cst_var('cst_close_after_days') }}
        and not coalesce(
            snapshot_date between {{ restate_from }} and {{ restate_to }}, false
        ) as is_closed,
        -- nobody got a list for a period that ended before the last one did
        is_period_end
        and coalesce(snapshot_date > published_date, true) as is_list_due,
        snapshot_date = as_of_date as is_current,
        coalesce(snapshot_date >= {{ holdout_since }}, false)
            as is_holdout_in_use,

        coalesce(
            holdout_since_date,
            min(
                case
                    when is_period_end and snapshot_date >= {{ holdout_since }}
                        then snapshot_date
                end
            ) over ()
        ) as holdout_since_date,
        {{ day_start_at(add_days('snapshot_date', 1)) }} as as_of_cutoff_at

    from snapshot_dates

)

select * from snapshots_in_order
