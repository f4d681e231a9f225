with

events_attributed as (

    select * from {{ ref('int_cst_events_attributed') }}

),

-- a customer on a device, or a device that nobody signed in on
events_in_streams as (

    select
        event_id,
        customer_id,
        anonymous_id,
        session_id,

        event_type,
        device_type,
        event_channel,

        occurred_date,
        known_date,

        occurred_at,
        lag(occurred_at) over (
            partition by customer_id, anonymous_id, session_id
            order by occurred_at, event_id
        ) as previous_occurred_at

    from events_attributed

),

-- the source's own sessions are whole, the others are cut by silence
session_starts as (

    select
        event_id,
        customer_id,
        anonymous_id,
        session_id,

        event_type,
        device_type,
        event_channel,

        case
            when session_id is not null then previous_occurred_at is null
            else {{ is_after_silence('occurred_at', 'previous_occurred_at') }}
        end as is_session_start,

        occurred_date,
        known_date,

        occurred_at

    from events_in_streams

),

sessions_numbered as (

    select
        event_id,
        customer_id,
        anonymous_id,
        session_id,

        event_type,
        device_type,
        event_channel,

        is_session_start,
        sum(case when is_session_start then 1 else 0 end) over (
            partition by customer_id, anonymous_id, session_id
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number,

        occurred_date,
        known_date,

        occurred_at

    from session_starts

),

events_by_session as (

    select
        customer_id,
        anonymous_id,
        session_id,
        session_number,
        max(case when is_session_start then event_id end) as first_event_id,

        -- of the first event; where that has none, of another
        coalesce(
            max(case when is_session_start then device_type end),
            max(device_type)
        ) as device_type,
        coalesce(
            max(case when is_session_start then event_channel end),
            max(event_channel)
        ) as session_channel,

        count(*) as event_count,
        {%- for event_type in behavior_event_types() %}
        sum(case when event_type = '{{ event_type }}' then 1 else 0 end)
            as {{ event_type }}_count,
        {%- endfor %}

        min(occurred_date) as session_date,
        max(known_date) as known_date,

        min(occurred_at) as started_at,
        max(occurred_at) as ended_at

    from sessions_numbered

    group by
        customer_id,
        anonymous_id,
        session_id,
        session_number

),

sessions as (

    select
        {{ dbt_utils.generate_surrogate_key(['first_event_id']) }}
            as session_key,
        customer_id,
        anonymous_id,
        session_id as source_session_id,

        device_type,
        session_channel,
        {{ business_hour('started_at') }} as start_hour,

        cast(event_count as bigint) as event_count,
        {%- for event_type in behavior_event_types() %}
        cast({{ event_type }}_count as bigint) as {{ event_type }}_count,
        {%- endfor %}

        product_view_count > 0 as has_product_view,
        cart_count > 0 as has_cart,
        checkout_count > 0 as has_checkout,
        order_count > 0 as has_order,

        session_date,
        known_date,

        started_at,
        ended_at

    from events_by_session

)

select * from sessions
