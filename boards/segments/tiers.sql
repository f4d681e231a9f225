-- customers by value tier at the end of each month
select
    strftime(segmentation.snapshot_date, '%Y-%m') as month,
    names.code_name_zh as value_tier_zh,
    names.code_name_en as value_tier_en,
    names.code_order,
    count(*) as customer_count
from cst_dws.dws_cst_segmentation as segmentation
inner join cst_dim.dim_cst_code as names
    on names.code_type = 'value_tier'
    and coalesce(segmentation.value_tier, 'none') = names.code
where segmentation.snapshot_date = last_day(segmentation.snapshot_date)
group by all
order by month, names.code_order desc
