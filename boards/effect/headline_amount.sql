-- rows to quote; where there is no estimate, the reason stands in its place
select
    scope_code_zh,
    scope_code_en,
    subject_name_zh,
    subject_name_en,
    treated_entries,
    holdout_entries,
    treated_mean as treated_amount,
    holdout_mean as holdout_amount,
    uplift as uplift_amount,
    uplift_low as uplift_low_amount,
    uplift_high as uplift_high_amount,
    q_value,
    incremental_total as incremental_net_amount,
    incremental_gross_profit_amount,
    incremental_discount_amount,
    incremental_contact_cost_amount,
    return_on_spend,
    return_reason_zh,
    return_reason_en,
    withheld_reason_zh,
    withheld_reason_en
from cst_ads.ads_cst_effect
where is_headline and measure_code = 'net_amount'
order by scope_code, subject_code
