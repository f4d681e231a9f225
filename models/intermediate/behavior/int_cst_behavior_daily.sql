with

events_by_day as (

    select
        customer_id,
        occurred_date as business_date,
        known_date,
        -- a day is active once, from the first of its events that is known
        case
            when row_number() over (
                partition by customer_id, occurred_date
                order by known_date
            ) = 1 then 1
            else 0
        end as active_day_count,
        count(
            case when event_type in ('page_view', 'product_view') then 1 end
        ) as view_count,
        count(case when event_type = 'search' then 1 end) as search_count,
        count(case when event_type = 'cart' then 1 end) as cart_count,
        count(case when event_type = 'checkout' then 1 end) as checkout_count

    from {{ ref('int_cst_events_attributed') }}

    where customer_id is not null

    group by
        customer_id,
        occurred_date,
        known_date

),

sessions_by_day as (

    select
        customer_id,
        session_date as business_date,
        known_date,
        count(*) as session_count,
        count(case when has_product_view then 1 end)
            as product_view_session_count,
        count(case when has_product_view and has_cart then 1 end)
            as product_view_cart_session_count,
        count(case when has_cart then 1 end) as cart_session_count,
        count(case when has_cart and has_order then 1 end)
            as cart_order_session_count,
        count(case when has_order then 1 end) as order_session_count

    from {{ ref('int_cst_sessions') }}

    where customer_id is not null

    group by
        customer_id,
        session_date,
        known_date

),

behavior_daily as (

    select
        coalesce(events_by_day.customer_id, sessions_by_day.customer_id)
            as customer_id,

        coalesce(events_by_day.business_date, sessions_by_day.business_date)
            as business_date,
        coalesce(events_by_day.known_date, sessions_by_day.known_date)
            as known_date,

        coalesce(sessions_by_day.session_count, 0) as session_count,
        coalesce(sessions_by_day.product_view_session_count, 0)
            as product_view_session_count,
        coalesce(sessions_by_day.product_view_cart_session_count, 0)
            as product_view_cart_session_count,
        coalesce(sessions_by_day.cart_session_count, 0) as cart_session_count,
        coalesce(sessions_by_day.cart_order_session_count, 0)
            as cart_order_session_count,
        coalesce(sessions_by_day.order_session_count, 0) as order_session_count,
        coalesce(events_by_day.active_day_count, 0) as active_day_count,
        coalesce(events_by_day.view_count, 0) as view_count,
        coalesce(events_by_day.search_count, 0) as search_count,
        coalesce(events_by_day.cart_count, 0) as cart_count,
        coalesce(events_by_day.checkout_count, 0) as checkout_count

    from events_by_day

    -- a session across midnight is known on a date without events of its own
    full outer join sessions_by_day
        on
            events_by_day.customer_id = sessions_by_day.customer_id
            and events_by_day.business_date = sessions_by_day.business_date
            and events_by_day.known_date = sessions_by_day.known_date

)

select * from behavior_daily
