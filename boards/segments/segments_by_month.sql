-- on the last snapshot of each month that is over; where nobody is in a
-- segment, that is 0
with

month_ends as (

    select max(snapshot_date) as snapshot_date
    from cst_dim.dim_cst_snapshot
    group by date_trunc('month', snapshot_date)
    having last_day(max(snapshot_date)) <= (
        select max(written_as_of_date) from cst_dim.dim_cst_snapshot
    )

),

counts as (

    select snapshot_date, segment_code, count(*) as customer_count
    from cst_dws.dws_cst_segmentation
    group by snapshot_date, segment_code

),

months as (

    select snapshot_date
    from month_ends
    where snapshot_date in (select snapshot_date from counts)
    qualify row_number() over (order by snapshot_date desc) <= 12

),

segments as (

    select segment_code, segment_name_zh, segment_name_en, segment_rank
    from cst_dim.dim_cst_segment
    where segment_code in (
        select segment_code from counts
        where snapshot_date in (select snapshot_date from months)
    )

)

select
    segments.segment_name_zh,
    segments.segment_name_en,
    -- heads of a pivot lose an ordinary hyphen
    replace(strftime(months.snapshot_date, '%Y-%m'), '-', chr(8209)) as month,
    coalesce(counts.customer_count, 0) as customer_count
from segments
cross join months
left join counts
    on segments.segment_code = counts.segment_code
    and months.snapshot_date = counts.snapshot_date
order by segments.segment_rank desc, month
