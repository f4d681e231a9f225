select
    period_code as month,
    opening_customer_count,
    new_customer_count,
    won_back_customer_count,
    reclassified_customer_count,
    churned_customer_count,
    left_customer_count,
    closing_customer_count,
    active_customer_count,
    churn_rate,
    win_back_rate,
    first_purchase_rate
from cst_ads.ads_cst_customer_balance
where cut_code = 'total' and period_type = 'month' and is_complete
qualify row_number() over (order by period_start_date desc) <= 12
order by period_start_date desc
