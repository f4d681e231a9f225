select
    case service_level
        when 'no_ticket' then 1
        when 'unrated' then 2
        when 'low' then 3
        when 'mid' then 4
        else 5
    end as row_order,
    service_level_zh,
    service_level_en,
    repurchase_rate,
    repurchase_rate_low,
    repurchase_rate_high
from cst_ads.ads_cst_service_impact
where period_code = 'all'
qualify window_days = max(window_days) over ()
    and repurchase_rate is not null
order by row_order
