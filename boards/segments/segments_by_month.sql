with

counts as (

    select snapshot_date, segment_code, count(*) as customer_count
    from cst_dws.dws_cst_segmentation
    where snapshot_date = last_day(snapshot_date)
    group by snapshot_date, segment_code
    qualify dense_rank() over (order by snapshot_date desc) <= 12

)

select
    names.segment_name_zh,
    names.segment_name_en,
    strftime(counts.snapshot_date, '%Y/%m') as month,
    counts.customer_count
from counts
inner join cst_dim.dim_cst_segment as names
    on counts.segment_code = names.segment_code
order by names.segment_rank desc, month
