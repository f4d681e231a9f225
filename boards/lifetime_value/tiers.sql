with

tiers as (

    select
        coalesce(ltv_tier, 'unknown') as ltv_tier,
        count(*) as customer_count,
        sum(historic_ltv_amount) as historic_ltv_amount,
        sum(predicted_ltv_amount) as predicted_ltv_amount,
        sum(ltv_amount) as ltv_amount,
        avg(ltv_amount) as average_ltv_amount,
        avg(p_alive) as mean_p_alive_share
    from cst_ads.ads_cst_ltv
    where is_current
    group by coalesce(ltv_tier, 'unknown')

)

select
    names.code_name_zh as ltv_tier_zh,
    names.code_name_en as ltv_tier_en,
    tiers.customer_count,
    tiers.historic_ltv_amount,
    tiers.predicted_ltv_amount,
    tiers.ltv_amount,
    tiers.ltv_amount / nullif(sum(tiers.ltv_amount) over (), 0) as ltv_share,
    tiers.average_ltv_amount,
    tiers.mean_p_alive_share
from tiers
inner join cst_dim.dim_cst_code as names
    on names.code_type = 'ltv_tier' and tiers.ltv_tier = names.code
order by names.code_order
