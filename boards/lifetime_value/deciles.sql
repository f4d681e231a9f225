with

deciles as (

    select
        ltv_decile,
        avg(historic_ltv_amount) as historic_amount,
        avg(predicted_ltv_amount) as predicted_amount
    from cst_ads.ads_cst_ltv
    where is_current and ltv_decile is not null
    group by ltv_decile

)

select
    ltv_decile,
    'D' || ltv_decile as tenth,
    '历史 LTV' as part_zh,
    'Historic' as part_en,
    historic_amount as average_ltv_amount
from deciles

union all

select
    ltv_decile,
    'D' || ltv_decile as tenth,
    '预测 LTV' as part_zh,
    'Predicted' as part_en,
    predicted_amount as average_ltv_amount
from deciles
order by ltv_decile, part_en
