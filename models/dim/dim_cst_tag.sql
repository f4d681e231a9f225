with

tags as (

    select * from {{ ref('cst_tags') }}

),

tags_labeled as (

    select
        tag_code,
        tag_name_zh,
        tag_name_en,
        description_zh,
        description_en,
        tag_group,
        owner,

        measure_code,
        only_value,
        minimum,
        maximum,
        minimum_count,

        tag_rank,
        coalesce(is_active, true) as is_active

    from tags

)

select * from tags_labeled
