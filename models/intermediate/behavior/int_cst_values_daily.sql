with

sessions as (

    select * from {{ ref('int_cst_sessions') }}

),

events_attributed as (

    select * from {{ ref('int_cst_events_attributed') }}

),

-- sessions have a device, a channel and an hour; product views a category
values_seen as (
    {%- for value_type, value_seen in [
        ('device', 'device_type'),
        ('channel', 'session_channel'),
        ('hour', "lpad(cast(start_hour as string), 2, '0')"),
    ] %}

    select
        customer_id,
        '{{ value_type }}' as value_type,
        {{ value_seen }} as value_seen,
        session_date as business_date,
        known_date
    from sessions

    union all
    {%- endfor %}

    select
        customer_id,
        'category' as value_type,
        category as value_seen,
        occurred_date as business_date,
        known_date
    from events_attributed
    where event_type = 'product_view'

),

values_daily as (

    select
        customer_id,
        value_type,
        value_seen,

        business_date,
        known_date,

        count(*) as value_count

    from values_seen

    where
        customer_id is not null
        and value_seen is not null

    group by
        customer_id,
        value_type,
        value_seen,
        business_date,
        known_date

)

select * from values_daily
