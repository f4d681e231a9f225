-- rows to quote; where there is no estimate, the reason stands in its place
select
    scope_code_zh,
    scope_code_en,
    subject_name_zh,
    subject_name_en,
    treated_entries,
    holdout_entries,
    treated_mean as treated_rate,
    holdout_mean as holdout_rate,
    100 * uplift as uplift_points,
    100 * uplift_low as uplift_low_points,
    100 * uplift_high as uplift_high_points,
    q_value,
    withheld_reason_zh,
    withheld_reason_en
from cst_ads.ads_cst_effect
where is_headline and measure_code = 'repurchase_rate'
order by scope_code, subject_code
