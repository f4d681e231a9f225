-- on the last snapshot of each month that is over
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
    sum(behavior.csat_average_90d * behavior.csat_response_count_90d)
    / sum(behavior.csat_response_count_90d) as csat_average_90d
from month_ends
inner join cst_dws.dws_cst_behavior as behavior
    on month_ends.snapshot_date = behavior.snapshot_date
group by month_ends.snapshot_date
having sum(behavior.csat_response_count_90d) > 0
order by month_ends.snapshot_date
