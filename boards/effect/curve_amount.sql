-- of the whole program: does it last, or was it only earlier
select week_number, uplift, uplift_low, uplift_high
from cst_ads.ads_cst_effect_curve
where scope_code = 'program' and measure_code = 'net_amount'
    and uplift is not null
order by week_number
