with

events as (

    select * from {{ ref('stg_log__events') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

identities as (

    select * from {{ ref('int_cst_identities_resolved') }}

),

events_attributed as (

    select
        events.event_id,
        coalesce(
            merged_customers.surviving_customer_id,
            events.customer_id,
            identities.customer_id
        ) as customer_id,
        events.anonymous_id,
        events.session_id,

        events.event_type,
        events.device_type,
        events.event_channel,
        events.category,
        case
            when events.customer_id is not null then 'customer_id'
            when identities.customer_id is not null then 'device'
        end as attributed_by,

        events.occurred_date,
        case
            when identities.customer_id is null then events.occurred_date
            else {{ business_date(
                'greatest(events.occurred_at, identities.signed_in_at)'
            ) }}
        end as known_date,

        events.occurred_at

    from events

    left join merged_customers
        on events.customer_id = merged_customers.customer_id

    -- only events without a customer of their own look at the device
    left join identities
        on
            events.anonymous_id = identities.anonymous_id
            and events.customer_id is null
            and events.occurred_at >= identities.valid_from_at
            and events.occurred_at < identities.valid_to_at

)

select * from events_attributed
