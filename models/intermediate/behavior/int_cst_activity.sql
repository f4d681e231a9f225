with

behavior_windows as (

    select * from {{ ref('int_cst_behavior_windows') }}

),

purchase_windows as (

    select * from {{ ref('int_cst_purchase_windows') }}

),

weights as (

    select
        {% for component in ['active_days', 'sessions', 'carts', 'orders'] -%}
        max(case when component = '{{ component }}' then weight end)
            as {{ component }}_weight,
        max(case when component = '{{ component }}' then full_at end)
            as {{ component }}_full_at,
        {% endfor -%}
        max(case when component = 'recency' then weight end) as recency_weight,
        max(case when component = 'recency' then full_at end)
            as recency_full_at

    from {{ ref('cst_engagement_weights') }}

),

-- before the log begins nothing is known of events, of purchases all is
windows as (

    select
        purchase_windows.*,
        {{ all_but('behavior_windows', ['customer_id', 'snapshot_date']) }}

    from purchase_windows

    left join behavior_windows
        on
            purchase_windows.customer_id = behavior_windows.customer_id
            and purchase_windows.snapshot_date = behavior_windows.snapshot_date

),

points as (

    select
        windows.*,
        cast(
            weights.recency_weight * greatest(
                weights.recency_full_at - coalesce(
                    windows.days_since_last_activity, weights.recency_full_at
                ), 0
            ) as double
        ) / weights.recency_full_at
        {%- for component, measure in {
            'active_days': 'active_day_count_30d',
            'sessions': 'session_count_30d',
            'carts': 'cart_count_30d',
            'orders': 'order_count_30d',
        }.items() %}
        + cast(
            weights.{{ component }}_weight * least(
                windows.{{ measure }}, weights.{{ component }}_full_at
            ) as double
        ) / weights.{{ component }}_full_at
        {%- endfor %} as points

    from windows

    cross join weights

),

scores as (

    select
        *,
        -- half a point counts as one
        case
            when event_history_days is not null
                then cast(floor(points + 0.5) as integer)
        end as engagement_score

    from points

),

activity as (

    select
        customer_id,
        snapshot_date,
        {% for measure in [
            'order_count', 'session_count', 'active_day_count', 'view_count',
            'search_count', 'cart_count', 'checkout_count',
        ] -%}
        {{ measure }}_7d,
        {{ measure }}_30d,
        {{ measure }}_90d,
        {% endfor -%}
        {% for measure in [
            'product_view_session_count', 'product_view_cart_session_count',
            'cart_session_count', 'cart_order_session_count',
            'order_session_count',
        ] -%}
        {{ measure }}_30d,
        {{ measure }}_90d,
        {% endfor -%}
        gross_amount_90d,
        discount_amount_90d,
        refund_amount_90d,

        days_since_last_activity,
        event_history_days,
        engagement_score,
        case
            when engagement_score >= {{ cst_var('engagement_high_score') }}
                then 'high'
            when engagement_score >= {{ cst_var('engagement_mid_score') }}
                then 'mid'
            when engagement_score is not null then 'low'
        end as engagement_level,

        last_activity_date

    from scores

)

select * from activity
