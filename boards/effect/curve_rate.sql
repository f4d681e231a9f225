-- of the whole program: does it last, or was it only earlier
select
    week_number,
    100 * uplift as uplift,
    100 * uplift_low as uplift_low,
    100 * uplift_high as uplift_high
from cst_ads.ads_cst_effect_curve
where scope_code = 'program' and measure_code = 'repurchase_rate'
    and uplift is not null
order by week_number
