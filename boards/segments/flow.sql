-- from the segment on the snapshot before (rows) to that of now (columns)
with

segments as (

    select segment_code, segment_name_zh, segment_name_en, segment_rank
    from cst_dim.dim_cst_segment
    where not is_total

),

flow as (

    select previous_segment_code, segment_code, customer_count
    from cst_ads.ads_cst_segment_transition
    where is_current

)

select
    previous.segment_name_zh as previous_segment_name_zh,
    previous.segment_name_en as previous_segment_name_en,
    segments.segment_name_zh,
    segments.segment_name_en,
    coalesce(flow.customer_count, 0) as customer_count
from segments as previous
cross join segments
left join flow
    on previous.segment_code = flow.previous_segment_code
    and segments.segment_code = flow.segment_code
where exists (select 1 from flow)
order by previous.segment_rank desc, segments.segment_rank desc
