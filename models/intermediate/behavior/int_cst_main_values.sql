{%- set leading_value =
    'min_by(value_seen, (-value_count, days_since_seen, value_seen))' -%}

with

values_daily as (

    select * from {{ ref('int_cst_values_daily') }}

),

window_days as (
    {{ window_days() }}
),

values_in_window as (

    select
        values_daily.customer_id,
        window_days.snapshot_date,
        values_daily.value_type,
        values_daily.value_seen,
        cast(sum(values_daily.value_count) as bigint) as value_count,
        min({{ days_between(
            'values_daily.business_date', 'window_days.snapshot_date'
        ) }}) as days_since_seen

    from values_daily

    inner join window_days
        on
            values_daily.business_date = window_days.business_date
            and values_daily.known_date <= window_days.snapshot_date

    group by
        values_daily.customer_id,
        window_days.snapshot_date,
        values_daily.value_type,
        values_daily.value_seen

),

-- most often, then most recently, then by name; in half the time of row_number
main_values as (

    select
        customer_id,
        snapshot_date,
        {%- for value_type in ['device', 'channel', 'category'] %}
        {{ leading_value }} filter (where value_type = '{{ value_type }}')
            as main_{{ value_type }},
        {%- endfor %}
        cast(
            {{ leading_value }} filter (where value_type = 'hour') as integer
        ) as main_hour,
        max(value_count) filter (where value_type = 'category')
            as main_category_view_count,
        cast(
            sum(value_count) filter (where value_type = 'category') as bigint
        ) as category_view_count

    from values_in_window

    group by
        customer_id,
        snapshot_date

)

select * from main_values
