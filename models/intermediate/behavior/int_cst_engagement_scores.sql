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

points as (

    select
        behavior_windows.customer_id,
        behavior_windows.snapshot_date,

        cast(
            weights.recency_weight * greatest(
                weights.recency_full_at - coalesce(
                    behavior_windows.days_since_last_activity,
                    weights.recency_full_at
                ), 0
            ) as double
        ) / weights.recency_full_at as recency_points,
        cast(
            weights.active_days_weight * least(
                behavior_windows.active_day_count_30d,
                weights.active_days_full_at
            ) as double
        ) / weights.active_days_full_at as active_days_points,
        cast(
            weights.sessions_weight * least(
                behavior_windows.session_count_30d, weights.sessions_full_at
            ) as double
        ) / weights.sessions_full_at as sessions_points,
        cast(
            weights.carts_weight * least(
                behavior_windows.cart_count_30d, weights.carts_full_at
            ) as double
        ) / weights.carts_full_at as carts_points,
        cast(
            weights.orders_weight * least(
                purchase_windows.order_count_30d, weights.orders_full_at
            ) as double
        ) / weights.orders_full_at as orders_points

    from behavior_windows

    inner join purchase_windows
        on
            behavior_windows.customer_id = purchase_windows.customer_id
            and behavior_windows.snapshot_date = purchase_windows.snapshot_date

    cross join weights

),

scores as (

    select
        *,
        -- half a point counts as one
        cast(
            floor(
                recency_points + active_days_points + sessions_points
                + carts_points + orders_points + 0.5
            ) as integer
        ) as engagement_score

    from points

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
        engagement_score,
        case
            when engagement_score >= {{ cst_var('engagement_high_score') }}
                then 'high'
            when engagement_score >= {{ cst_var('engagement_mid_score') }}
                then 'mid'
            when engagement_score is not null then 'low'
        end as engagement_level

    from scores

)

select * from engagement_scores
