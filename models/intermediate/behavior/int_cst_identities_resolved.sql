with

events as (

    select * from {{ ref('stg_log__events') }}

    where anonymous_id is not null

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

device_events as (

    select
        events.event_id,
        events.anonymous_id,
        coalesce(
            merged_customers.surviving_customer_id, events.customer_id
        ) as customer_id,

        events.session_id,
        lag(events.session_id) over by_device as previous_session_id,

        events.occurred_at,
        lag(events.occurred_at) over by_device as previous_occurred_at

    from events

    left join merged_customers
        on events.customer_id = merged_customers.customer_id

    window by_device as (
        partition by events.anonymous_id
        order by events.occurred_at, events.event_id
    )

),

-- a visit ends with silence, unless the source says that the session goes on
visits_numbered as (

    select
        event_id,
        anonymous_id,
        customer_id,

        sum(
            case
                when session_id = previous_session_id then 0
                when {{ is_after_silence(
                    'occurred_at', 'previous_occurred_at'
                ) }} then 1
                else 0
            end
        ) over (
            partition by anonymous_id
            order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as visit_number,

        occurred_at

    from device_events

),

visits as (

    select
        event_id,
        anonymous_id,
        customer_id,

        visit_number,

        occurred_at,
        min(occurred_at) over (
            partition by anonymous_id, visit_number
        ) as visit_started_at

    from visits_numbered

),

-- two customers at the same instant: one of them, always the same
sign_ins_ranked as (

    select
        anonymous_id,
        customer_id,

        visit_number,

        occurred_at,
        visit_started_at,

        row_number() over (
            partition by anonymous_id, occurred_at
            order by event_id desc
        ) as instant_rank

    from visits

    where customer_id is not null

),

sign_ins as (

    select
        anonymous_id,
        customer_id,
        lag(customer_id) over by_device as previous_customer_id,

        visit_number,
        lag(visit_number) over by_device as previous_visit_number,

        occurred_at,
        visit_started_at

    from sign_ins_ranked

    where instant_rank = 1

    window by_device as (
        partition by anonymous_id
        order by occurred_at
    )

),

-- the device changes hands where another customer signs in
handovers as (

    select
        anonymous_id,
        customer_id,

        occurred_at as signed_in_at,
        case
            when previous_customer_id is null then {{ first_instant() }}
            -- who was here in this visit keeps it until the other signs in
            when previous_visit_number = visit_number then occurred_at
            else visit_started_at
        end as valid_from_at

    from sign_ins

    where
        previous_customer_id is null
        or previous_customer_id != customer_id

),

periods as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'anonymous_id', 'valid_from_at'
        ]) }} as identity_key,
        anonymous_id,
        customer_id,

        signed_in_at,
        valid_from_at,
        coalesce(
            lead(valid_from_at) over (
                partition by anonymous_id
                order by valid_from_at
            ),
            {{ last_instant() }}
        ) as valid_to_at

    from handovers

)

select * from periods
