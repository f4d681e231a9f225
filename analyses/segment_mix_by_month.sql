-- How does the mix of segments change from snapshot to snapshot?
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

segment_mix as (

    select
        segmentation.snapshot_date,
        segments.segment_rank,
        segments.segment_name_zh,
        segments.segment_name_en,
        count(*) as customer_count,
        cast(count(*) as double) / sum(count(*)) over (
            partition by segmentation.snapshot_date
        ) as customer_share,
        sum(segmentation.monetary_amount) as monetary_amount

    from segmentation

    inner join segments
        on segmentation.segment_code = segments.segment_code

    group by
        segmentation.snapshot_date,
        segments.segment_rank,
        segments.segment_name_zh,
        segments.segment_name_en

)

select * from segment_mix

order by
    snapshot_date asc,
    segment_rank desc
