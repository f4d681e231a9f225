select period_code as month, net_amount, net_amount_per_buyer
from cst_ads.ads_cst_overview
where cut_code = 'total' and period_type = 'month' and is_complete
qualify row_number() over (order by period_start_date desc) <= 24
order by period_start_date
