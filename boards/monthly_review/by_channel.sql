-- a channel that lost all of its buyers is in it
with

overview as (

    select *
    from cst_ads.ads_cst_overview
    where period_type = 'month' and cut_code = 'order_channel' and is_complete

)

select
    overview.cut_value as order_channel,
    overview.buyer_count,
    overview.new_buyer_count,
    overview.order_count,
    overview.net_amount,
    overview.net_amount
    / case when previous.net_amount > 0 then previous.net_amount end
    - 1 as net_amount_month_change,
    overview.net_amount
    / case when last_year.net_amount > 0 then last_year.net_amount end
    - 1 as net_amount_year_change,
    overview.net_amount_per_buyer,
    overview.units_per_order,
    overview.gross_margin_rate,
    overview.repeat_buyer_rate,
    overview.repurchase_rate
from overview
left join overview as previous
    on overview.cut_value = previous.cut_value
    and overview.period_start_date
    = previous.period_start_date + interval 1 month
left join overview as last_year
    on overview.cut_value = last_year.cut_value
    and overview.period_start_date
    = last_year.period_start_date + interval 1 year
where overview.period_start_date = (
    select max(period_start_date) from overview
)
and greatest(
    overview.buyer_count, previous.buyer_count, last_year.buyer_count
) > 0
order by overview.net_amount desc, overview.cut_value
