{%- set days = 90 -%}

with

values_daily as (

    select * from {{ ref('int_cst_values_daily') }}

),

window_days as (
    {{ window_days(days) }}
),

-- few values occur, whatever the number of customers
value_names as (

    select
        value_type,
        value_seen,
        row_number() over (order by value_type, value_seen) as name_rank,
        count(*) over () as name_count

    from values_daily

    group by
        value_type,
        value_seen

),

values_in_window as (

    select
        values_daily.customer_id,
        window_days.snapshot_date,
        value_names.name_rank,
        cast(sum(values_daily.value_count) as bigint) as value_count,
        min({{ days_between(
            'values_daily.business_date', 'window_days.snapshot_date'
        ) }}) as days_since_seen

    from values_daily

    inner join value_names
        on
            values_daily.value_type = value_names.value_type
            and values_daily.value_seen = value_names.value_seen

    inner join window_days
        on
            values_daily.business_date = window_days.business_date
            and values_daily.known_date <= window_days.snapshot_date

    group by
        values_daily.customer_id,
        window_days.snapshot_date,
        value_names.name_rank

),

-- most often, then most recently, which is within the days of the window, then
-- by name: one number takes half the time of a struct of the three
values_placed as (

    select
        values_in_window.customer_id,
        values_in_window.snapshot_date,
        value_names.value_type,
        value_names.value_seen,
        values_in_window.value_count,
        (
            values_in_window.days_since_seen
            - values_in_window.value_count * {{ days }}
        ) * value_names.name_count + value_names.name_rank as place

    from values_in_window

    inner join value_names
        on values_in_window.name_rank = value_names.name_rank

),

main_values as (

    select
        customer_id,
        snapshot_date,
        {%- for value_type in ['device', 'channel', 'category'] %}
        min_by(value_seen, place) filter (where value_type = '{{ value_type }}')
            as main_{{ value_type }},
        {%- endfor %}
        cast(
            min_by(value_seen, place) filter (where value_type = 'hour')
            as integer
        ) as main_hour,
        max(value_count) filter (where value_type = 'category')
            as main_category_view_count,
        cast(
            sum(value_count) filter (where value_type = 'category') as bigint
        ) as category_view_count

    from values_placed

    group by
        customer_id,
        snapshot_date

)

select * from main_values
