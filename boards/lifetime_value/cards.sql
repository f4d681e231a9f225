-- the two parts of the lifetime value, of those customers who have both
with

customers as (

    select
        ltv_amount,
        p_alive,
        case when ltv_amount is not null then historic_ltv_amount end
            as historic_ltv_amount,
        case when ltv_amount is not null then predicted_ltv_amount end
            as predicted_ltv_amount
    from cst_ads.ads_cst_ltv
    where is_current

)

select
    count(ltv_amount) as predicted_customer_count,
    sum(historic_ltv_amount) as historic_ltv_amount,
    sum(predicted_ltv_amount) as predicted_ltv_amount,
    sum(ltv_amount) as ltv_amount,
    sum(historic_ltv_amount) / nullif(sum(ltv_amount), 0)
        as historic_ltv_share,
    sum(predicted_ltv_amount) / nullif(sum(ltv_amount), 0)
        as predicted_ltv_share,
    avg(p_alive) as mean_p_alive_share,
    count(p_alive) as p_alive_customer_count
from customers
having count(*) > 0
