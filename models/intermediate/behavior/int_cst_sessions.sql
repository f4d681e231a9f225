with

-- a stream is a customer on a device, or a device that nobody signed in on;
-- the source's own sessions are whole, the others are cut by silence
session_starts as (

    select
        *,
        case
            when session_id is not null
                then lag(occurred_at) over stream is null
            else {{ is_after_silence(
                'occurred_at', 'lag(occurred_at) over stream'
            ) }}
        end as is_session_start

    from {{ ref('int_cst_events_attributed') }}

    window stream as (
        partition by customer_id, anonymous_id, session_id
        order by occurred_at, event_id
    )

),

sessions_numbered as (

    select
        *,
        sum(case when is_session_start then 1 else 0 end) over (
            partition by customer_id, anonymous_id, session_id
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number

    from session_starts

),

sessions as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'max(case when is_session_start then event_id end)'
        ]) }} as session_key,
        customer_id,
        anonymous_id,
        session_id as source_session_id,

        -- of the first event; where that has none, of another
        coalesce(
            max(case when is_session_start then device_type end),
            max(device_type)
        ) as device_type,
        coalesce(
            max(case when is_session_start then event_channel end),
            max(event_channel)
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

    from sessions_numbered

    group by
        customer_id,
        anonymous_id,
        session_id,
        session_number

)

select * from sessions
