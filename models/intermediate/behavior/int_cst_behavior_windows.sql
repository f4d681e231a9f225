{%- set windows = [7, 30, 90] -%}

with

behavior_daily as (

    select
        *,
        page_view_count + product_view_count as view_count

    from {{ ref('int_cst_behavior_daily') }}

),

events_attributed as (

    select * from {{ ref('int_cst_events_attributed') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

event_log as (

    select min(occurred_date) as first_event_date

    from events_attributed

),

first_snapshots as (

    select
        customer_id,
        min(snapshot_date) as first_snapshot_date

    from customers_on_snapshots

    group by customer_id

),

steps as (

    {{ window_steps(windows) }}

),

-- every day enters its windows at one snapshot and leaves each at another: one
-- pass, however many snapshots
days_on_snapshots as (

    select
        behavior_daily.*,
        steps.*,
        {{ step_snapshot('behavior_daily', 'steps', 'snapshot_bounds') }}
            as step_snapshot_date

    from behavior_daily

    cross join steps

    cross join snapshot_bounds

),

-- a customer can be active before the first snapshot that knows the customer
changes_by_snapshot as (

    select
        days_on_snapshots.customer_id,
        greatest(
            days_on_snapshots.step_snapshot_date,
            first_snapshots.first_snapshot_date
        ) as snapshot_date,
        {%- for measure in behavior_measures() %}
        {%- for days in measure.windows %}
        sum(
            days_on_snapshots.{{ measure.name }}
            * days_on_snapshots.change_{{ days }}d
        ) as {{ measure.name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        max(
            case
                when days_on_snapshots.active_day_count > 0
                    then days_on_snapshots.business_date
            end
        ) as last_activity_date

    from days_on_snapshots

    inner join first_snapshots
        on days_on_snapshots.customer_id = first_snapshots.customer_id

    where days_on_snapshots.step_snapshot_date is not null

    group by
        days_on_snapshots.customer_id,
        greatest(
            days_on_snapshots.step_snapshot_date,
            first_snapshots.first_snapshot_date
        )

),

running_totals as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for measure in behavior_measures() %}
        {%- for days in measure.windows %}
        sum(coalesce(changes_by_snapshot.{{ measure.name }}_{{ days }}d, 0))
            over to_date as {{ measure.name }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        max(changes_by_snapshot.last_activity_date)
            over to_date as last_activity_date

    from customers_on_snapshots

    left join changes_by_snapshot
        on
            customers_on_snapshots.customer_id
            = changes_by_snapshot.customer_id
            and customers_on_snapshots.snapshot_date
            = changes_by_snapshot.snapshot_date

    window to_date as (
        partition by customers_on_snapshots.customer_id
        order by customers_on_snapshots.snapshot_date
        rows between unbounded preceding and current row
    )

),

-- before the log begins nothing is known, which is not nothing
behavior_windows as (

    select
        running_totals.customer_id,
        running_totals.snapshot_date,
        {% for measure in behavior_measures() -%}
        {% for days in measure.windows -%}
        {% set column = measure.name ~ '_' ~ days ~ 'd' -%}
        {% if measure.is_logged -%}
        case
            when event_log.first_event_date <= running_totals.snapshot_date
                then cast(running_totals.{{ column }} as bigint)
        end as {{ column }},
        {% else -%}
        cast(running_totals.{{ column }} as bigint) as {{ column }},
        {% endif -%}
        {% endfor -%}
        {% endfor -%}
        {{ days_between(
            'running_totals.last_activity_date', 'running_totals.snapshot_date'
        ) }} as days_since_last_activity,
        case
            when event_log.first_event_date <= running_totals.snapshot_date
                then {{ days_between(
                    'event_log.first_event_date',
                    'running_totals.snapshot_date'
                ) }} + 1
        end as event_history_days,

        running_totals.last_activity_date

    from running_totals

    cross join event_log

)

select * from behavior_windows
