with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

),

behavior_windows as (

    select * from {{ ref('int_cst_behavior_windows') }}

),

purchase_windows as (

    select * from {{ ref('int_cst_purchase_windows') }}

),

service_experience as (

    select * from {{ ref('int_cst_service_experience') }}

),

main_values as (

    select * from {{ ref('int_cst_main_values') }}

),

engagement_scores as (

    select * from {{ ref('int_cst_engagement_scores') }}

),

behavior as (

    select
        segmentation.customer_id,

        segmentation.snapshot_date,

        main_values.main_device,
        main_values.main_channel,
        main_values.main_category,
        main_values.main_hour,
        service_experience.satisfaction_level,
        engagement_scores.engagement_score,
        engagement_scores.engagement_level,

        purchase_windows.order_count_7d,
        purchase_windows.order_count_30d,
        purchase_windows.order_count_90d,
        {%- for measure in [
            'session_count', 'active_day_count', 'view_count', 'search_count',
            'cart_count', 'checkout_count',
        ] %}
        behavior_windows.{{ measure }}_7d,
        behavior_windows.{{ measure }}_30d,
        behavior_windows.{{ measure }}_90d,
        {%- endfor %}
        {%- for measure in [
            'product_view_session_count', 'product_view_cart_session_count',
            'cart_session_count', 'cart_order_session_count',
            'order_session_count',
        ] %}
        behavior_windows.{{ measure }}_30d,
        behavior_windows.{{ measure }}_90d,
        {%- endfor %}

        {%- for days in [30, 90] %}
        {%- for share, part, whole in [
            (
                'view_to_cart', 'product_view_cart_session_count',
                'product_view_session_count',
            ),
            ('cart_to_order', 'cart_order_session_count', 'cart_session_count'),
            ('session_to_order', 'order_session_count', 'session_count'),
        ] %}
        cast(behavior_windows.{{ part }}_{{ days }}d as double)
        / nullif(behavior_windows.{{ whole }}_{{ days }}d, 0)
            as {{ share }}_share_{{ days }}d,
        {%- endfor %}
        cast(
            behavior_windows.cart_session_count_{{ days }}d
            - behavior_windows.cart_order_session_count_{{ days }}d as double
        ) / nullif(behavior_windows.cart_session_count_{{ days }}d, 0)
            as cart_abandonment_share_{{ days }}d,
        {%- endfor %}

        purchase_windows.gross_amount_90d,
        purchase_windows.discount_amount_90d,
        purchase_windows.refund_amount_90d,
        cast(purchase_windows.discount_amount_90d as double) / nullif(
            purchase_windows.gross_amount_90d
            + purchase_windows.discount_amount_90d,
            0
        ) as discount_share_90d,
        cast(purchase_windows.refund_amount_90d as double)
        / nullif(purchase_windows.gross_amount_90d, 0) as return_share_90d,

        service_experience.ticket_count_90d,
        service_experience.open_ticket_count,
        service_experience.responded_ticket_count_90d,
        service_experience.first_response_minutes_90d,
        service_experience.resolved_ticket_count_90d,
        service_experience.resolution_hours_90d,
        service_experience.csat_response_count_90d,
        service_experience.csat_average_90d,
        service_experience.low_csat_share_90d,
        service_experience.nps_response_count_90d,
        service_experience.nps_90d,

        behavior_windows.last_activity_date,
        behavior_windows.days_since_last_activity,
        behavior_windows.event_history_days,
        service_experience.last_ticket_date,
        service_experience.days_since_bad_experience

    from segmentation

    left join behavior_windows
        on
            segmentation.customer_id = behavior_windows.customer_id
            and segmentation.snapshot_date = behavior_windows.snapshot_date
    {%- for relation in [
        'purchase_windows', 'service_experience', 'main_values',
        'engagement_scores',
    ] %}

    left join {{ relation }}
        on
            segmentation.customer_id = {{ relation }}.customer_id
            and segmentation.snapshot_date = {{ relation }}.snapshot_date
    {%- endfor %}

)

select * from behavior
