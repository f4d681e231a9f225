select
    buyer_count,
    buyer_count / nullif(previous_buyer_count, 0) - 1 as buyer_change,
    new_buyer_count,
    new_buyer_count / nullif(previous_new_buyer_count, 0) - 1
        as new_buyer_change,
    order_count,
    order_count / nullif(previous_order_count, 0) - 1 as order_change,
    net_amount,
    net_amount / nullif(previous_net_amount, 0) - 1 as net_amount_change,
    gross_profit_amount,
    gross_profit_amount / nullif(previous_gross_profit_amount, 0) - 1
        as gross_profit_change
from cst_ads.ads_cst_overview
where cut_code = 'total' and period_type = 'month' and is_complete
order by period_code desc
limit 1
