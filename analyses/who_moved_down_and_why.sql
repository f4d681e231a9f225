-- Which valuable customers moved down since the previous snapshot, why, and
-- what would bring them back?
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where
        is_current
        and movement in ('down', 'churned')

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

moved_down as (

    select
        segmentation.customer_id,
        previous_segments.segment_name_zh as previous_segment_name_zh,
        segments.segment_name_zh,
        segmentation.movement,
        segmentation.movement_cause,

        segmentation.recency_days,
        segmentation.frequency,
        segmentation.monetary_amount,
        segmentation.lifetime_net_amount,
        segmentation.f_gap_count,
        segmentation.m_gap_amount

    from segmentation

    inner join segments
        on segmentation.segment_code = segments.segment_code

    inner join segments as previous_segments
        on segmentation.previous_segment_code = previous_segments.segment_code

    where previous_segments.segment_code in ('champions', 'loyal')

)

select * from moved_down

order by
    lifetime_net_amount desc,
    customer_id asc
