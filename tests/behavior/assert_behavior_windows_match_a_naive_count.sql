{%- set windows = [7, 30, 90] -%}

-- The slow way: the newest snapshots look at every session and event.
with

snapshots as (

    select
        behavior.customer_id,
        behavior.snapshot_date,
        behavior.session_count_7d,
        behavior.session_count_30d,
        behavior.session_count_90d,
        behavior.active_day_count_7d,
        behavior.active_day_count_30d,
        behavior.active_day_count_90d

    from {{ ref('int_cst_behavior') }} as behavior

    inner join {{ ref('int_cst_snapshot_dates') }} as snapshot_dates
        on behavior.snapshot_date = snapshot_dates.snapshot_date

    where
        behavior.event_history_days is not null
        and {{ days_between(
            'behavior.snapshot_date', 'snapshot_dates.last_snapshot_date'
        ) }} < 90

),

sessions_counted as (

    select
        snapshots.customer_id,
        {% for days in windows -%}
        count(distinct case
            when
                {{ days_between(
                    'sessions.session_date', 'snapshots.snapshot_date'
                ) }} < {{ days }}
                then sessions.session_key
        end) as session_count_{{ days }}d,
        {% endfor -%}
        snapshots.snapshot_date

    from snapshots

    left join {{ ref('int_cst_sessions') }} as sessions
        on
            snapshots.customer_id = sessions.customer_id
            and snapshots.snapshot_date >= sessions.known_date

    group by
        snapshots.customer_id,
        snapshots.snapshot_date

),

days_counted as (

    select
        snapshots.customer_id,
        {% for days in windows -%}
        count(distinct case
            when
                {{ days_between(
                    'events_attributed.occurred_date', 'snapshots.snapshot_date'
                ) }} < {{ days }}
                then events_attributed.occurred_date
        end) as active_day_count_{{ days }}d,
        {% endfor -%}
        snapshots.snapshot_date

    from snapshots

    left join {{ ref('int_cst_events_attributed') }} as events_attributed
        on
            snapshots.customer_id = events_attributed.customer_id
            and snapshots.snapshot_date >= events_attributed.known_date

    group by
        snapshots.customer_id,
        snapshots.snapshot_date

)

select
    snapshots.customer_id,
    {% for days in windows -%}
    snapshots.session_count_{{ days }}d,
    sessions_counted.session_count_{{ days }}d
        as expected_session_count_{{ days }}d,
    snapshots.active_day_count_{{ days }}d,
    days_counted.active_day_count_{{ days }}d
        as expected_active_day_count_{{ days }}d,
    {% endfor -%}
    snapshots.snapshot_date

from snapshots

inner join sessions_counted
    on
        snapshots.customer_id = sessions_counted.customer_id
        and snapshots.snapshot_date = sessions_counted.snapshot_date

inner join days_counted
    on
        snapshots.customer_id = days_counted.customer_id
        and snapshots.snapshot_date = days_counted.snapshot_date

where
    snapshots.session_count_7d != sessions_counted.session_count_7d
    or snapshots.session_count_30d != sessions_counted.session_count_30d
    or snapshots.session_count_90d != sessions_counted.session_count_90d
    or snapshots.active_day_count_7d != days_counted.active_day_count_7d
    or snapshots.active_day_count_30d != days_counted.active_day_count_30d
    or snapshots.active_day_count_90d != days_counted.active_day_count_90d
