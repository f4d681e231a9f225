select
    overview.cut_value as order_channel,
    overview.buyer_count,
    overview.new_buyer_count,
    overview.order_count,
    overview.net_amount,
    overview.net_amount / nullif(overview.previous_net_amount, 0) - 1
        as net_amount_change,
    overview.net_amount / nullif(overview.last_year_net_amount, 0) - 1
        as net_amount_year_change,
    overview.net_amount_per_buyer,
    overview.units_per_order,
    overview.gross_margin_rate,
    overview.repeat_buyer_rate,
    overview.repurchase_rate
from cst_ads.ads_cst_overview as overview
where overview.period_type = 'month'
    and overview.cut_code = 'order_channel'
    and overview.buyer_count > 0
    and overview.period_code = (
        select max(period_code)
        from cst_ads.ads_cst_overview
        where period_type = 'month' and cut_code = 'total' and is_complete
    )
order by overview.net_amount desc, overview.cut_value
