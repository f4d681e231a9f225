-- three measures that people call repurchase rate, side by side
select
    measure_name_zh,
    measure_name_en,
    window_days,
    snapshot_date,
    denominator_count,
    numerator_count,
    repurchase_rate,
    measure_formula_zh,
    measure_formula_en
from cst_ads.ads_cst_repurchase
where cut_code = 'total'
qualify row_number() over (
    partition by measure_code, window_days
    order by is_mature desc, snapshot_date desc
) = 1
order by measure_code, window_days
