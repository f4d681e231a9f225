-- 95 % intervals (Wilson) of those who bought again in 90 days, or the longest
-- window that there is
with

named as (

    select
        first_purchase.*,
        case
            when first_purchase.cut_code = 'total' then '全部'
            else coalesce(shops.shop_name, first_purchase.cut_value)
        end as cut_name_zh,
        case
            when first_purchase.cut_code = 'total' then 'All'
            else coalesce(shops.shop_name, first_purchase.cut_value)
        end as cut_name_en
    from cst_ads.ads_cst_first_purchase as first_purchase
    left join cst_dim.dim_trd_shop as shops
        on first_purchase.cut_code = 'first_shop'
        and first_purchase.cut_value = shops.shop_id
    where first_purchase.cut_code in (
        'total', 'first_channel', 'first_shop', 'first_category'
    )
    qualify first_purchase.window_days
        = max(first_purchase.window_days) over ()

)

select
    cut_code_zh,
    cut_code_en,
    case
        when cut_code = 'total' then cut_code_zh
        else cut_code_zh || '：' || cut_name_zh
    end as beginning_zh,
    case
        when cut_code = 'total' then cut_code_en
        else replace(cut_code_en, ' of the first purchase', '')
            || ': ' || cut_name_en
    end as beginning_en,
    cut_name_zh,
    cut_name_en,
    window_days,
    customer_count,
    mature_customer_count,
    repurchased_customer_count,
    repurchase_rate,
    repurchase_rate_low,
    repurchase_rate_high,
    average_first_net_amount,
    row_number() over (
        order by
            cut_code = 'total' desc, cut_code, repurchase_rate desc, cut_value
    ) as row_order
from named
where repurchase_rate is not null and cut_value != 'unknown'
order by row_order
