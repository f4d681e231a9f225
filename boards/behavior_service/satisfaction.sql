select
    strftime(snapshot_date, '%Y-%m') as month,
    sum(csat_average_90d * csat_response_count_90d)
    / sum(csat_response_count_90d) as csat_average
from cst_dws.dws_cst_behavior
where snapshot_date = last_day(snapshot_date)
group by snapshot_date
having sum(csat_response_count_90d) > 0
order by snapshot_date
