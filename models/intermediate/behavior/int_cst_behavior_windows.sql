{%- set windows_of_measures = {
    'session_count': [7, 30, 90],
    'active_day_count': [7, 30, 90],
    'view_count': [7, 30, 90],
    'search_count': [7, 30, 90],
    'cart_count': [7, 30, 90],
    'checkout_count': [7, 30, 90],
    'product_view_session_count': [30, 90],
    'product_view_cart_session_count': [30, 90],
    'cart_session_count': [30, 90],
    'cart_order_session_count': [30, 90],
    'order_session_count': [30, 90],
} -%}

with

behavior_daily as (

    select
        *,
        -- from then on, a later day than this one was the last active one
        min(case when active_day_count > 0 then known_date end) over (
            partition by customer_id
            order by business_date, known_date
            rows between 1 following and unbounded following
        ) as next_active_date

    from {{ ref('int_cst_behavior_daily') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

    where is_due

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshots_due') }}

    where is_due

),

window_days as (
    {{ window_days() }}
),

event_log as (

    select
        min(case when is_dated_early then null else occurred_date end)
            as first_event_date

    from {{ ref('stg_log__events') }}

),

days_in_windows as (

    select
        behavior_daily.customer_id,
        {%- for measure, windows in windows_of_measures.items() %}
        {%- for days in windows %}
        sum(
            case
                when {{ days_between(
                    'behavior_daily.business_date',
                    'window_days.snapshot_date'
                ) }} < {{ days }}
                    then behavior_daily.{{ measure }}
            end
        ) as {{ measure }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}
        window_days.snapshot_date

    from behavior_daily

    inner join window_days
        on
            behavior_daily.business_date = window_days.business_date
            and behavior_daily.known_date <= window_days.snapshot_date

    group by
        behavior_daily.customer_id,
        window_days.snapshot_date

),

last_activities as (

    select
        behavior_daily.customer_id,
        snapshot_dates.snapshot_date,
        behavior_daily.business_date as last_activity_date

    from behavior_daily

    inner join snapshot_dates
        on
            behavior_daily.known_date <= snapshot_dates.snapshot_date
            and coalesce(
                behavior_daily.next_active_date > snapshot_dates.snapshot_date,
                true
            )

    where behavior_daily.active_day_count > 0

),

behavior_windows as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for measure, windows in windows_of_measures.items() %}
        {%- for days in windows %}
        cast(
            coalesce(days_in_windows.{{ measure }}_{{ days }}d, 0) as bigint
        ) as {{ measure }}_{{ days }}d,
        {%- endfor %}
        {%- endfor %}

        {{ days_between(
            'last_activities.last_activity_date',
            'customers_on_snapshots.snapshot_date'
        ) }} as days_since_last_activity,
        {{ days_between(
            'event_log.first_event_date',
            'customers_on_snapshots.snapshot_date'
        ) }} + 1 as event_history_days,

        last_activities.last_activity_date

    from customers_on_snapshots

    -- before the log begins nothing is known, which is not nothing
    inner join event_log
        on customers_on_snapshots.snapshot_date >= event_log.first_event_date

    left join days_in_windows
        on
            customers_on_snapshots.customer_id = days_in_windows.customer_id
            and customers_on_snapshots.snapshot_date
            = days_in_windows.snapshot_date

    left join last_activities
        on
            customers_on_snapshots.customer_id = last_activities.customer_id
            and customers_on_snapshots.snapshot_date
            = last_activities.snapshot_date

)

select * from behavior_windows
