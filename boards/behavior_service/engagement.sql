-- customers by value tier (rows) and engagement (columns)
with

customers as (

    select
        coalesce(segmentation.value_tier, 'none') as value_tier,
        coalesce(behavior.engagement_level, 'unknown') as engagement_level,
        count(*) as customer_count
    from cst_dws.dws_cst_behavior as behavior
    inner join cst_dws.dws_cst_segmentation as segmentation
        on behavior.customer_id = segmentation.customer_id
        and behavior.snapshot_date = segmentation.snapshot_date
    where behavior.is_current
    group by all

),

tiers as (

    select code, code_name_zh, code_name_en, code_order
    from cst_dim.dim_cst_code
    where code_type = 'value_tier'
        and code in (select value_tier from customers)

),

levels as (

    select code, code_name_zh, code_name_en, code_order
    from cst_dim.dim_cst_code
    where code_type = 'engagement_level'
        and code in (select engagement_level from customers)

)

select
    tiers.code_name_zh as value_tier_zh,
    tiers.code_name_en as value_tier_en,
    levels.code_name_zh as engagement_level_zh,
    levels.code_name_en as engagement_level_en,
    coalesce(customers.customer_count, 0) as customer_count
from tiers
cross join levels
left join customers
    on tiers.code = customers.value_tier
    and levels.code = customers.engagement_level
order by tiers.code_order, levels.code_order
