with

{{ source_ctes('event', 'occurred_at') }}

renamed as {{ not_materialized() }} (

    select
        event_id,
        customer_id,
        anonymous_id,
        session_id,
        product_id,

        lower(event_type) as event_type,
        lower(device_type) as device_type,
        lower(channel) as event_channel,
        category,

        duration_seconds,

        {{ business_date('occurred_at') }} as occurred_date,

        occurred_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('event'),
'event_id', 'ingested_at', reject_reasons={
    'missing_customer_and_device':
        'customer_id is null and anonymous_id is null and not has_nobody_id',
    'negative_duration': {'duration_seconds': 'duration_seconds < 0'},
    'occurred_in_the_future': {'occurred_at': is_in_the_future(
        'occurred_at', 'ingested_at'
    )},
}, time=['occurred_at', 'occurred_date'], later_first=['duration_seconds'],
identity=["coalesce(customer_id, anonymous_id)", 'occurred_at']) }}
)

select * from validated_rows
