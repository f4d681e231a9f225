with

activity as (

    select * from {{ ref('int_cst_activity') }}

),

service_experience as (

    select * from {{ ref('int_cst_service_experience') }}

),

main_values as (

    select * from {{ ref('int_cst_main_values') }}

),

-- the widest table is streamed past the others, or it would fill the memory
behavior as (

    select
        activity.customer_id,

        activity.snapshot_date,

        main_values.main_device,
        main_values.main_channel,
        main_values.main_category,
        main_values.main_hour,
        service_experience.satisfaction_level,
        activity.engagement_score,
        activity.engagement_level,

        activity.order_count_7d,
        activity.order_count_30d,
        activity.order_count_90d,
        {%- for measure in [
            'session_count', 'active_day_count', 'view_count', 'search_count',
            'cart_count', 'checkout_count',
        ] %}
        activity.{{ measure }}_7d,
        activity.{{ measure }}_30d,
        activity.{{ measure }}_90d,
        {%- endfor %}
        {%- for measure in [
            'product_view_session_count', 'product_view_cart_session_count',
            'cart_session_count', 'cart_order_session_count',
            'order_session_count',
        ] %}
        activity.{{ measure }}_30d,
        activity.{{ measure }}_90d,
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
        cast(activity.{{ part }}_{{ days }}d as double)
        / nullif(activity.{{ whole }}_{{ days }}d, 0)
            as {{ share }}_share_{{ days }}d,
        {%- endfor %}
        cast(
            activity.cart_session_count_{{ days }}d
            - activity.cart_order_session_count_{{ days }}d as double
        ) / nullif(activity.cart_session_count_{{ days }}d, 0)
            as cart_abandonment_share_{{ days }}d,
        {%- endfor %}

        activity.gross_amount_90d,
        activity.discount_amount_90d,
        activity.refund_amount_90d,
        cast(activity.discount_amount_90d as double) / nullif(
            activity.gross_amount_90d + activity.discount_amount_90d, 0
        ) as discount_share_90d,
        cast(activity.refund_amount_90d as double)
        / nullif(activity.gross_amount_90d, 0) as return_share_90d,

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

        activity.last_activity_date,
        activity.days_since_last_activity,
        activity.event_history_days,
        service_experience.last_ticket_date,
        service_experience.days_since_bad_experience

    from activity

    left join service_experience
        on
            activity.customer_id = service_experience.customer_id
            and activity.snapshot_date = service_experience.snapshot_date

    left join main_values
        on
            activity.customer_id = main_values.customer_id
            and activity.snapshot_date = main_values.snapshot_date

)

select * from behavior
