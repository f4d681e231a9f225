with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

segments_published as (

    select * from {{ ref('int_cst_segments_published') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- of a closed snapshot nobody saw who became known later on
states_seen as (

    select
        customer_id,
        snapshot_date,
        segment_code,
        segment_rank,
        lifecycle_stage,
        lifetime_order_count

    from segments_published

    where is_closed

    union all

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,
        {%- for column in ['segment_code', 'segment_rank', 'lifecycle_stage'] %}
        coalesce(
            segments_published.{{ column }}, segments_assigned.{{ column }}
        ) as {{ column }},
        {%- endfor %}
        segments_assigned.lifetime_order_count

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    left join segments_published
        on
            segments_assigned.customer_id = segments_published.customer_id
            and segments_assigned.snapshot_date
            = segments_published.snapshot_date

    where not snapshot_dates.is_closed

)

select * from states_seen
