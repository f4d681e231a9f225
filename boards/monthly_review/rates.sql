with

months as (

    select period_code as month, gross_margin_rate, repurchase_rate
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete
    qualify row_number() over (order by period_start_date desc) <= 24

),

rates as (

    select month, 'gross_margin_rate' as metric_code, gross_margin_rate as rate
    from months
    union all
    select month, 'repurchase_rate' as metric_code, repurchase_rate as rate
    from months

)

select
    rates.month,
    metrics.metric_name_zh,
    metrics.metric_name_en,
    rates.rate
from rates
inner join cst_dim.dim_cst_metric as metrics
    on rates.metric_code = metrics.metric_code
order by rates.month, metrics.metric_rank
