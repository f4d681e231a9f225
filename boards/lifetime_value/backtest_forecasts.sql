-- the last prediction whose horizon is over, beside simple rules
select
    forecast_code_zh,
    forecast_code_en,
    is_naive,
    snapshot_date,
    horizon_end_date,
    customer_count,
    predicted_amount,
    realized_amount,
    amount_bias,
    mean_absolute_error_amount,
    top_20_amount_share,
    is_drifting
from cst_ads.ads_cst_ltv_backtest
where group_type = 'total'
qualify snapshot_date = max(snapshot_date) over ()
order by is_naive, forecast_code
