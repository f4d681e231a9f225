with

months as (

    select period_code as month, new_buyer_count, returning_buyer_count
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete
    qualify row_number() over (order by period_start_date desc) <= 24

)

select
    month,
    '新客' as buyer_zh,
    'New' as buyer_en,
    new_buyer_count as buyer_count
from months

union all

select
    month,
    '老客' as buyer_zh,
    'Returning' as buyer_en,
    returning_buyer_count as buyer_count
from months
order by month, buyer_count
