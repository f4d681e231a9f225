select
    coalesce(events.event_id, events_attributed.event_id) as event_id,
    events.customer_id as source_customer_id,
    events_attributed.customer_id,
    events_attributed.attributed_by,
    case
        when events_attributed.event_id is null then 'lost'
        when events.event_id is null then 'too many'
        else 'attributed in spite of its own customer'
    end as problem

from {{ ref('stg_log__events') }} as events

full outer join {{ ref('int_cst_events_attributed') }} as events_attributed
    on events.event_id = events_attributed.event_id

where
    events.event_id is null
    or events_attributed.event_id is null
    or (
        events.customer_id is not null
        and events_attributed.attributed_by != 'customer_id'
    )
