with

-- a stream is a customer on a device, or a device that nobody signed in on,
-- with one of the source's session ids or without any; silence cuts it
events_in_streams as (

    select
        *,
        case
            when {{ is_after_silence(
                'occurred_at', 'lag(occurred_at) over stream'
            ) }} then occurred_at
        end as activity_start_at,
        row_number() over stream as event_number

    from {{ ref('int_cst_events_attributed') }}

    window stream as (
        partition by customer_id, anonymous_id, session_id
        order by occurred_at, event_id
    )

),

events_in_activities as (

    select
        *,
        max(activity_start_at) over (
            partition by customer_id, anonymous_id, session_id
            order by event_number
            rows between unbounded preceding and current row
        ) as activity_started_at

    from events_in_streams

),

-- what goes on for longer than a visit can is cut into equal lengths
events_in_sessions as (

    select
        *,
        floor(
            {{ seconds_between('activity_started_at', 'occurred_at') }}
            / ({{ cst_var('behavior_session_longest_minutes') }} * 60)
        ) as session_number

    from events_in_activities

),

sessions as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'min_by(event_id, event_number)'
        ]) }} as session_key,
        customer_id,
        anonymous_id,
        session_id as source_session_id,

        -- of the first event that has one
        min_by(
            device_type,
            case when device_type is not null then event_number end
        ) as device_type,
        min_by(
            event_channel,
            case when event_channel is not null then event_number end
        ) as session_channel,
        {{ business_hour('min(occurred_at)') }} as start_hour,

        count(*) as event_count,
        bool_or(event_type = 'product_view') as has_product_view,
        bool_or(event_type = 'cart') as has_cart,
        bool_or(event_type = 'order') as has_order,

        min(occurred_date) as session_date,
        max(known_date) as known_date,

        min(occurred_at) as started_at,
        max(occurred_at) as ended_at

    from events_in_sessions

    group by
        customer_id,
        anonymous_id,
        session_id,
        activity_started_at,
        session_number

)

select * from sessions
