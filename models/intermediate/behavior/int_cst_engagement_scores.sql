{%- set counted = {
    'active_days': 'active_day_count_30d',
    'sessions': 'session_count_30d',
    'carts': 'cart_count_30d',
    'orders': 'order_count_30d',
} -%}

with

behavior_windows as (

    select * from {{ ref('int_cst_behavior_windows') }}

    where event_history_days is not null

),

engagement_weights as (

    select * from {{ ref('cst_engagement_weights') }}

),

weights as (

    select
        {% for component in counted -%}
        max(case when component = '{{ component }}' then weight end)
            as {{ component }}_weight,
        max(case when component = '{{ component }}' then full_at end)
            as {{ component }}_full_at,
        {% endfor -%}
        max(case when component = 'recency' then weight end)
            as recency_weight,
        max(case when component = 'recency' then full_at end)
            as recency_full_at

    from engagement_weights

),

points as (

    select
        behavior_windows.customer_id,
        behavior_windows.snapshot_date,

        {% for component, column in counted.items() -%}
        cast(
            weights.{{ component }}_weight * least(
                behavior_windows.{{ column }}, weights.{{ component }}_full_at
            ) as double
        ) / weights.{{ component }}_full_at as {{ component }}_points,
        {% endfor -%}
        cast(
            weights.recency_weight * (
                weights.recency_full_at - least(
                    coalesce(
                        behavior_windows.days_since_last_activity,
                        weights.recency_full_at
                    ),
                    weights.recency_full_at
                )
            ) as double
        ) / weights.recency_full_at as recency_points

    from behavior_windows

    cross join weights

),

engagement_scores as (

    select
        customer_id,
        snapshot_date,
        recency_points,
        active_days_points,
        sessions_points,
        carts_points,
        orders_points,
        -- half a point counts as one
        cast(
            floor(
                recency_points
                + active_days_points
                + sessions_points
                + carts_points
                + orders_points
                + 0.5
            ) as integer
        ) as engagement_score

    from points

)

select * from engagement_scores
