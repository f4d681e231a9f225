-- observed, no experiment: the caveat belongs to the numbers
select
    service_level_zh,
    service_level_en,
    window_days,
    customer_count,
    denominator_count,
    numerator_count,
    repurchase_rate,
    repurchase_rate_low,
    repurchase_rate_high,
    caveat_zh,
    caveat_en
from cst_ads.ads_cst_service_impact
where period_code = 'all'
qualify window_days = max(window_days) over ()
order by case service_level
    when 'no_ticket' then 1
    when 'unrated' then 2
    when 'low' then 3
    when 'mid' then 4
    else 5
end
