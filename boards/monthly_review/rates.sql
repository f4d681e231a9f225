with

months as (

    select period_code as month, gross_margin_rate, repurchase_rate
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete
    qualify row_number() over (order by period_start_date desc) <= 24

)

select
    month,
    '毛利率' as measure_zh,
    'Gross margin' as measure_en,
    gross_margin_rate as rate
from months

union all

select
    month,
    '回购率' as measure_zh,
    'Repurchase' as measure_en,
    repurchase_rate as rate
from months
order by month, measure_en
