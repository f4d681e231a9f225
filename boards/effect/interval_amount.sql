select
    row_number() over (order by scope_code, subject_code) as row_order,
    subject_name_zh,
    subject_name_en,
    uplift,
    uplift_low,
    uplift_high
from cst_ads.ads_cst_effect
where is_headline and measure_code = 'net_amount' and uplift is not null
order by row_order
