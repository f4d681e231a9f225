-- changes against the month before (环比) and the year before (同比):
-- of counts and money in percent, of rates in percentage points; none against
-- a month that is not complete, or money that was not earned
with

months as (

    select *, max(period_start_date) over () as this_month
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete

),

comparisons (comparison_order, comparison_zh, comparison_en, months_back) as (

    values
    (1, '环比（较上月）', 'Against the month before', interval 1 month),
    (2, '同比（较去年同月）', 'Against the year before', interval 1 year)

)

select
    comparisons.comparison_zh,
    comparisons.comparison_en,
    months.buyer_count / nullif(past.buyer_count, 0) - 1
        as buyer_count_change,
    months.new_buyer_count / nullif(past.new_buyer_count, 0) - 1
        as new_buyer_count_change,
    months.returning_buyer_count / nullif(past.returning_buyer_count, 0) - 1
        as returning_buyer_count_change,
    months.order_count / nullif(past.order_count, 0) - 1
        as order_count_change,
    months.gross_amount
    / case when past.gross_amount > 0 then past.gross_amount end
    - 1 as gross_amount_change,
    months.net_amount
    / case when past.net_amount > 0 then past.net_amount end
    - 1 as net_amount_change,
    months.gross_profit_amount
    / case when past.gross_profit_amount > 0 then past.gross_profit_amount end
    - 1 as gross_profit_amount_change,
    months.net_amount_per_buyer
    / case when past.net_amount_per_buyer > 0 then past.net_amount_per_buyer end
    - 1 as net_amount_per_buyer_change,
    months.net_amount_per_order
    / case when past.net_amount_per_order > 0 then past.net_amount_per_order end
    - 1 as net_amount_per_order_change,
    months.units_per_order / nullif(past.units_per_order, 0) - 1
        as units_per_order_change,
    100 * (months.gross_margin_rate - past.gross_margin_rate)
        as gross_margin_rate_points,
    100 * (months.repeat_buyer_rate - past.repeat_buyer_rate)
        as repeat_buyer_rate_points,
    100 * (months.repurchase_rate - past.repurchase_rate)
        as repurchase_rate_points
from months
cross join comparisons
left join months as past
    on past.period_start_date
    = months.period_start_date - comparisons.months_back
where months.period_start_date = months.this_month
order by comparisons.comparison_order
