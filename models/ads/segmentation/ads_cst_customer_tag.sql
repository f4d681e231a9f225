with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

customer_tags as (

    select
        *,
        coalesce('：' || tag_value, '') as value_zh,
        coalesce(': ' || tag_value, '') as value_en

    from {{ ref('dws_cst_tag') }}

),

tags as (

    select * from {{ ref('dim_cst_tag') }}

),

tags_joined as (

    select
        customer_tags.customer_id,
        customer_tags.snapshot_date,
        {{ joined_in_order(
            'tags.tag_code', 'tags.tag_rank', ','
        ) }} as tag_codes,
        {{ joined_in_order(
            'tags.tag_name_zh || customer_tags.value_zh', 'tags.tag_rank', '、'
        ) }} as tag_names_zh,
        {{ joined_in_order(
            'tags.tag_name_en || customer_tags.value_en', 'tags.tag_rank', ', '
        ) }} as tag_names_en

    from customer_tags

    inner join tags
        on customer_tags.tag_code = tags.tag_code

    group by
        customer_tags.customer_id,
        customer_tags.snapshot_date

),

customer_tag as (

    select
        segmentation.customer_key,
        segmentation.customer_id,

        segmentation.snapshot_date,
        segmentation.is_current,

        tags_joined.tag_codes,
        tags_joined.tag_names_zh,
        tags_joined.tag_names_en

    from segmentation

    left join tags_joined
        on
            segmentation.customer_id = tags_joined.customer_id
            and segmentation.snapshot_date = tags_joined.snapshot_date

)

select * from customer_tag
