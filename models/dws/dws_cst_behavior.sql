{%- set columns = [
    'main_device', 'main_channel', 'main_category', 'main_hour',
    'satisfaction_level', 'engagement_score', 'engagement_level',
    'order_count_7d',
    'order_count_30d', 'order_count_90d', 'session_count_7d',
    'session_count_30d', 'session_count_90d', 'active_day_count_7d',
    'active_day_count_30d', 'active_day_count_90d', 'view_count_7d',
    'view_count_30d', 'view_count_90d', 'search_count_7d',
    'search_count_30d', 'search_count_90d', 'cart_count_7d',
    'cart_count_30d', 'cart_count_90d', 'checkout_count_7d',
    'checkout_count_30d', 'checkout_count_90d',
    'product_view_session_count_30d', 'product_view_session_count_90d',
    'product_view_cart_session_count_30d',
    'product_view_cart_session_count_90d', 'cart_session_count_30d',
    'cart_session_count_90d', 'cart_order_session_count_30d',
    'cart_order_session_count_90d', 'order_session_count_30d',
    'order_session_count_90d', 'view_to_cart_share_30d',
    'cart_to_order_share_30d', 'session_to_order_share_30d',
    'cart_abandonment_share_30d', 'view_to_cart_share_90d',
    'cart_to_order_share_90d', 'session_to_order_share_90d',
    'cart_abandonment_share_90d', 'gross_amount_90d', 'discount_amount_90d',
    'refund_amount_90d', 'discount_share_90d', 'return_share_90d',
    'ticket_count_90d', 'open_ticket_count', 'responded_ticket_count_90d',
    'first_response_minutes_90d', 'resolved_ticket_count_90d',
    'resolution_hours_90d', 'csat_response_count_90d', 'csat_average_90d',
    'low_csat_share_90d', 'nps_response_count_90d', 'nps_90d',
    'last_activity_date', 'days_since_last_activity', 'event_history_days',
    'last_ticket_date', 'days_since_bad_experience',
] -%}

with

behavior_today as {{ not_materialized() }} (

    select * from {{ ref('int_cst_behavior') }}

),

published as (

    select * from {{ source('published', 'dws_cst_behavior') }}

),

snapshots as (

    select
        *,
        {{ day_start_at(add_days('snapshot_date', 1)) }} as day_end_at

    from {{ ref('dim_cst_snapshot') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

-- who is not delivered today keeps what was published, where the facts do
closed_and_open as (

    select
        published.customer_id,
        {%- for column in columns %}
        published.{{ column }},
        {%- endfor %}
        published.snapshot_date,
        snapshots.is_current,
        snapshots.day_end_at

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    left join behavior_today
        on
            published.customer_id = behavior_today.customer_id
            and published.snapshot_date = behavior_today.snapshot_date

    inner join segmentation
        on
            published.customer_id = segmentation.customer_id
            and published.snapshot_date = segmentation.snapshot_date

    where
        snapshots.is_closed
        or behavior_today.customer_id is null

    union all

    select
        behavior_today.customer_id,
        {%- for column in columns %}
        behavior_today.{{ column }},
        {%- endfor %}
        behavior_today.snapshot_date,
        snapshots.is_current,
        snapshots.day_end_at

    from behavior_today

    inner join snapshots
        on behavior_today.snapshot_date = snapshots.snapshot_date

    where not snapshots.is_closed

),

behavior as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'closed_and_open.customer_id', 'closed_and_open.snapshot_date'
        ]) }} as behavior_key,
        customers.customer_key,
        closed_and_open.customer_id,

        closed_and_open.snapshot_date,
        closed_and_open.is_current,

        {% for column in columns[:-1] -%}
        closed_and_open.{{ column }},
        {% endfor -%}
        closed_and_open.{{ columns[-1] }}

    from closed_and_open

    -- not from the segmentation: that joins all facts with all facts
    inner join customers
        on
            closed_and_open.customer_id = customers.customer_id
            and closed_and_open.day_end_at > customers.valid_from_at
            and closed_and_open.day_end_at <= customers.valid_to_at

)

select * from behavior
