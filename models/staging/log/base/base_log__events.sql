with

source as (

    select * from {{ cst_source('event') }}

),

renamed as (

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
        page,

        duration_seconds,

        {{ business_date('occurred_at') }} as occurred_date,

        occurred_at,
        ingested_at,

        contract_problem,
        problem_column,
        problem_value,
        flags,
        row_text,
        has_null_text,
        has_nobody_id

    from source

),

event_days as (
{{ usual_days('renamed', 'occurred_date') }}
),

validated_rows as (
{{ validate_rows('renamed', 'event_id', 'ingested_at', reject_reasons={
    'missing_customer_and_device':
        'customer_id is null and anonymous_id is null',
    'negative_duration': {'duration_seconds': 'duration_seconds < 0'},
    'occurred_in_the_future': {'occurred_at': is_in_the_future(
        'occurred_at', 'ingested_at'
    )},
    'implausible_occurred_at': {
        'occurred_at': is_outside_usual_days('occurred_date', 'event_days')
    },
}, flags={
    'dated_ahead': is_after_usual_days('occurred_date', 'event_days'),
}, later_first=['duration_seconds'], identity=[
    "coalesce(customer_id, anonymous_id)", 'occurred_at',
]) }}
)

select * from validated_rows
