with

segmentation as (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where
        is_published
        and not is_restated

),

segments as (

    select * from {{ ref('cst_segments') }}

),

segments_published as (

    select
        segmentation.customer_id,
        segmentation.snapshot_date,

        segmentation.segment_code,
        segments.segment_rank,
        segmentation.lifecycle_stage,
        segmentation.lifetime_order_count,

        snapshot_dates.is_closed

    from segmentation

    inner join snapshot_dates
        on segmentation.snapshot_date = snapshot_dates.snapshot_date

    left join segments
        on segmentation.segment_code = segments.segment_code

)

select * from segments_published
