-- How was each complete month, against the month and the year before?
with

overview as (

    select * from {{ ref('ads_cst_overview') }}

    where
        period_type = 'month'
        and cut_code = 'total'
        and is_complete

)

select
    period_code,
    net_amount,
    net_amount / nullif(previous_net_amount, 0) - 1 as change_to_month_before,
    net_amount / nullif(last_year_net_amount, 0) - 1 as change_to_year_before,
    order_count,
    buyer_count,
    new_buyer_count,
    won_back_buyer_count,
    net_amount_per_buyer,
    repeat_buyer_rate,
    repurchase_rate

from overview

order by period_code
