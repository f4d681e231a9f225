select
    coalesce(events.event_id, events_credited.event_id) as event_id,
    events.customer_id as source_customer_id,
    events_credited.customer_id,
    events_credited.credited_by,
    case
        when events_credited.event_id is null then 'lost'
        when events.event_id is null then 'too many'
        else 'credited in spite of its own customer'
    end as problem

from {{ ref('stg_log__events') }} as events

full outer join {{ ref('int_cst_events_credited') }} as events_credited
    on events.event_id = events_credited.event_id

where
    events.event_id is null
    or events_credited.event_id is null
    or (
        events.customer_id is not null
        and events_credited.credited_by != 'customer_id'
    )
