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
        -- until it closes, the count of orders is that of today
        case when snapshot_dates.is_closed
            then segmentation.lifetime_order_count
        end as lifetime_order_count

    from segmentation

    inner join snapshot_dates
        on segmentation.snapshot_date = snapshot_dates.snapshot_date

    left join segments
        on segmentation.segment_code = segments.segment_code

)

select * from segments_published
