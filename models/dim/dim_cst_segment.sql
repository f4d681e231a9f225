with

segments as (

    select * from {{ ref('cst_segments') }}

),

segments_with_total as (

    select
        segment_code,
        segment_name_zh,
        segment_name_en,
        description_zh,
        description_en,

        segment_rank,

        false as is_total

    from segments

    union all

    -- marts with a row over all segments call it 'all': with this member no
    -- inner join loses it
    select
        'all' as segment_code,
        '全部分群' as segment_name_zh,
        'All segments' as segment_name_en,
        '全部分群合计' as description_zh,
        'Total over all segments' as description_en,

        cast(null as integer) as segment_rank,

        true as is_total

)

select * from segments_with_total
