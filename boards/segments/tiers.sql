-- customers by value tier on the last snapshot of each month that is over
with

month_ends as (

    select max(snapshot_date) as snapshot_date
    from cst_dim.dim_cst_snapshot
    group by date_trunc('month', snapshot_date)
    having last_day(max(snapshot_date)) <= (
        select max(written_as_of_date) from cst_dim.dim_cst_snapshot
    )

)

select
    strftime(month_ends.snapshot_date, '%Y-%m') as month,
    names.code_name_zh as value_tier_zh,
    names.code_name_en as value_tier_en,
    names.code_order,
    count(*) as customer_count
from month_ends
inner join cst_dws.dws_cst_segmentation as segmentation
    on month_ends.snapshot_date = segmentation.snapshot_date
inner join cst_dim.dim_cst_code as names
    on names.code_type = 'value_tier'
    and coalesce(segmentation.value_tier, 'none') = names.code
group by all
order by month, names.code_order desc
