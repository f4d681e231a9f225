with

-- an event of nobody, on a device of nobody, counts in data quality alone
events as (

    select * from {{ ref('base_log__events') }}

    where
        row_status = 'accepted'
        and coalesce(customer_id, anonymous_id) is not null

),

newest_events as (

    select
        event_id,
        customer_id,
        anonymous_id,
        session_id,
        product_id,

        event_type,
        device_type,
        event_channel,
        category,

        duration_seconds,

        coalesce(flags like '%dated_early%', false) as is_dated_early,

        occurred_date,

        occurred_at,
        ingested_at

    from events

)

select * from newest_events
