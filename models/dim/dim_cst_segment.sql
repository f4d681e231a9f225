with

segments as (

    select * from {{ ref('cst_segments') }}

),

segments_labeled as (

    select
        segment_code,
        segment_name_zh,
        segment_name_en,
        description_zh,
        description_en,
        strategy_code as fixed_strategy_code,

        segment_rank

    from segments

)

select * from segments_labeled
