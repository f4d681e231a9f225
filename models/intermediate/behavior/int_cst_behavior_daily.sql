with

events_attributed as (

    select * from {{ ref('int_cst_events_attributed') }}

    where customer_id is not null

),

sessions as (

    select * from {{ ref('int_cst_sessions') }}

    where customer_id is not null

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

    where order_count > 0

),

events_by_day as (

    select
        customer_id,
        occurred_date,
        known_date,
        {%- for event_type in behavior_event_types() %}
        sum(case when event_type = '{{ event_type }}' then 1 else 0 end)
            as {{ event_type }}_count,
        {%- endfor %}
        -- a day is active once, from the first of its events that is known
        row_number() over (
            partition by customer_id, occurred_date
            order by known_date
        ) as known_rank

    from events_attributed

    group by
        customer_id,
        occurred_date,
        known_date

),

sessions_by_day as (

    select
        customer_id,
        session_date,
        known_date,
        count(*) as session_count,
        sum(case when has_product_view then 1 else 0 end)
            as product_view_session_count,
        sum(case when has_product_view and has_cart then 1 else 0 end)
            as product_view_cart_session_count,
        sum(case when has_cart then 1 else 0 end) as cart_session_count,
        sum(case when has_cart and has_order then 1 else 0 end)
            as cart_order_session_count,
        sum(case when has_order then 1 else 0 end) as order_session_count

    from sessions

    group by
        customer_id,
        session_date,
        known_date

),

days_with_anything as (

    select
        customer_id,
        occurred_date as business_date,
        known_date

    from events_by_day

    union distinct

    select
        customer_id,
        session_date as business_date,
        known_date

    from sessions_by_day

    union distinct

    select
        customer_id,
        business_date,
        business_date as known_date

    from orders_daily

),

behavior_daily as (

    select
        days_with_anything.customer_id,

        days_with_anything.business_date,
        days_with_anything.known_date,

        {% for measure in [
            'session_count', 'product_view_session_count',
            'product_view_cart_session_count', 'cart_session_count',
            'cart_order_session_count', 'order_session_count',
        ] -%}
        cast(coalesce(sessions_by_day.{{ measure }}, 0) as bigint)
            as {{ measure }},
        {% endfor -%}
        cast(case when events_by_day.known_rank = 1 then 1 else 0 end as bigint)
            as active_day_count,
        {% for event_type in behavior_event_types()
            if event_type != 'order' -%}
        cast(coalesce(events_by_day.{{ event_type }}_count, 0) as bigint)
            as {{ event_type }}_count,
        {% endfor -%}
        cast(coalesce(orders_daily.order_count, 0) as bigint) as order_count

    from days_with_anything

    left join events_by_day
        on
            days_with_anything.customer_id = events_by_day.customer_id
            and days_with_anything.business_date = events_by_day.occurred_date
            and days_with_anything.known_date = events_by_day.known_date

    left join sessions_by_day
        on
            days_with_anything.customer_id = sessions_by_day.customer_id
            and days_with_anything.business_date = sessions_by_day.session_date
            and days_with_anything.known_date = sessions_by_day.known_date

    left join orders_daily
        on
            days_with_anything.customer_id = orders_daily.customer_id
            and days_with_anything.business_date = orders_daily.business_date
            and days_with_anything.known_date = orders_daily.business_date

)

select * from behavior_daily
