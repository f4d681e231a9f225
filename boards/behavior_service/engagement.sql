-- customers by value tier (rows) and engagement (columns)
select
    tiers.code_name_zh as value_tier_zh,
    tiers.code_name_en as value_tier_en,
    levels.code_name_zh as engagement_level_zh,
    levels.code_name_en as engagement_level_en,
    count(*) as customer_count
from cst_dws.dws_cst_behavior as behavior
inner join cst_dws.dws_cst_segmentation as segmentation
    on behavior.customer_id = segmentation.customer_id
    and behavior.snapshot_date = segmentation.snapshot_date
inner join cst_dim.dim_cst_code as tiers
    on tiers.code_type = 'value_tier'
    and coalesce(segmentation.value_tier, 'none') = tiers.code
inner join cst_dim.dim_cst_code as levels
    on levels.code_type = 'engagement_level'
    and coalesce(behavior.engagement_level, 'unknown') = levels.code
where behavior.is_current
group by all
order by min(tiers.code_order), min(levels.code_order)
