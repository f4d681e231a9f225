-- the month, the month before, and the same month of the year before
with

months as (

    select *, max(period_start_date) over () as this_month
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete

)

select
    period_code as month,
    buyer_count,
    new_buyer_count,
    returning_buyer_count,
    order_count,
    gross_amount,
    net_amount,
    gross_profit_amount,
    net_amount_per_buyer,
    net_amount_per_order,
    units_per_order,
    gross_margin_rate,
    repeat_buyer_rate,
    repurchase_rate
from months
where period_start_date in (
    this_month,
    this_month - interval 1 month,
    this_month - interval 1 year
)
order by period_start_date desc
