-- the last month that is complete, and the newest day known
select
    max(period_code) filter (period_type = 'month' and is_complete) as month,
    least(
        max(period_end_date), max(period_end_date) filter (period_type = 'day')
    ) as as_of_date
from cst_ads.ads_cst_overview
where cut_code = 'total'
