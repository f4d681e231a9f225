-- what was predicted on each snapshot, and what came
with

forecasts as (

    select snapshot_date, predicted_amount, realized_amount
    from cst_ads.ads_cst_ltv_backtest
    where group_type = 'total' and not is_naive

)

select
    snapshot_date,
    '预测' as part_zh,
    'Predicted' as part_en,
    predicted_amount as net_amount
from forecasts

union all

select
    snapshot_date,
    '实际' as part_zh,
    'Came' as part_en,
    realized_amount as net_amount
from forecasts
order by snapshot_date, part_en desc
