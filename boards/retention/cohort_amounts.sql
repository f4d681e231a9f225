select
    strftime(cohort_month, '%Y-%m') as cohort_month,
    cohort_customer_count,
    months_since_first,
    cumulative_average_net_amount
from cst_ads.ads_cst_cohort_retention
where cut_code = 'total' and is_mature and months_since_first <= 12
qualify dense_rank() over (order by cohort_month desc) <= 13
order by cohort_month, months_since_first
