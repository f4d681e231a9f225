with

deciles as (

    select
        cast(group_code as integer) as ltv_decile,
        predicted_amount / customer_count as predicted_average,
        realized_amount / customer_count as realized_average
    from cst_ads.ads_cst_ltv_backtest
    where group_type = 'decile' and not is_naive
    qualify snapshot_date = max(snapshot_date) over ()

)

select
    ltv_decile,
    'D' || ltv_decile as tenth,
    '预测' as part_zh,
    'Predicted' as part_en,
    predicted_average as average_net_amount
from deciles

union all

select
    ltv_decile,
    'D' || ltv_decile as tenth,
    '实际' as part_zh,
    'Came' as part_en,
    realized_average as average_net_amount
from deciles
order by ltv_decile, part_en desc
