select
    count(ltv_amount) as predicted_customer_count,
    sum(historic_ltv_amount) as historic_ltv_amount,
    sum(predicted_ltv_amount) as predicted_ltv_amount,
    sum(ltv_amount) as ltv_amount,
    sum(historic_ltv_amount) filter (ltv_amount is not null)
    / nullif(sum(ltv_amount), 0) as historic_ltv_share,
    sum(predicted_ltv_amount) / nullif(sum(ltv_amount), 0)
        as predicted_ltv_share,
    avg(p_alive) as mean_p_alive_share,
    count(p_alive) as p_alive_customer_count
from cst_ads.ads_cst_ltv
where is_current
having count(*) > 0
