with

events as (

    select * from {{ ref('stg_log__events') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

shared_devices as (

    select anonymous_id

    from events

    group by anonymous_id

    having min(customer_id) != max(customer_id)

),

-- a visit ends with silence, whatever session id the source gives
visit_starts as (

    select
        events.event_id,
        events.anonymous_id,
        coalesce(
            merged_customers.surviving_customer_id, events.customer_id
        ) as customer_id,
        events.occurred_at,
        case
            when {{ is_after_silence(
                'events.occurred_at', 'lag(events.occurred_at) over by_device'
            ) }} then events.occurred_at
        end as visit_start_at

    from events

    inner join shared_devices
        on events.anonymous_id = shared_devices.anonymous_id

    left join merged_customers
        on events.customer_id = merged_customers.customer_id

    window by_device as (
        partition by events.anonymous_id
        order by events.occurred_at, events.event_id
    )

),

events_in_visits as (

    select
        anonymous_id,
        customer_id,
        occurred_at,
        greatest(
            max(visit_start_at) over (
                partition by anonymous_id
                order by occurred_at, event_id
                rows between unbounded preceding and current row
            ),
            occurred_at - interval
            '{{ cst_var("behavior_session_longest_minutes") }}' minute
        ) as visit_started_at,
        row_number() over (
            partition by anonymous_id, occurred_at, customer_id is null
            order by event_id desc
        ) as instant_rank

    from visit_starts

),

-- two customers at the same instant: one of them, always the same
sign_ins as (

    select
        anonymous_id,
        customer_id,
        occurred_at as signed_in_at,
        visit_started_at,
        lag(customer_id) over by_device as previous_customer_id,
        lag(occurred_at) over by_device as previous_signed_in_at

    from events_in_visits

    where
        customer_id is not null
        and instant_rank = 1

    window by_device as (
        partition by anonymous_id
        order by occurred_at
    )

),

handovers as (

    select
        anonymous_id,
        customer_id,
        signed_in_at,
        case
            when previous_customer_id is null then {{ first_instant() }}
            -- a customer of the same visit keeps it until the other signs in
            when previous_signed_in_at >= visit_started_at then signed_in_at
            else visit_started_at
        end as valid_from_at

    from sign_ins

    where
        previous_customer_id is null
        or previous_customer_id != customer_id

)

select * from handovers
