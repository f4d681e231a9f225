select
    row_number() over (order by scope_code, subject_code) as row_order,
    subject_name_zh,
    subject_name_en,
    100 * uplift as uplift,
    100 * uplift_low as uplift_low,
    100 * uplift_high as uplift_high
from cst_ads.ads_cst_effect
where is_headline and measure_code = 'repurchase_rate' and uplift is not null
order by row_order
