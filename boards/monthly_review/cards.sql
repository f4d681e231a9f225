-- the last month that is complete; coverage is the part of the net amount
-- whose gross profit is known
with

months as (

    select *
    from cst_ads.ads_cst_overview
    where cut_code = 'total' and period_type = 'month' and is_complete

)

select
    months.buyer_count,
    months.buyer_count / nullif(previous.buyer_count, 0) - 1
        as buyer_count_change,
    months.new_buyer_count,
    months.new_buyer_count / nullif(previous.new_buyer_count, 0) - 1
        as new_buyer_count_change,
    months.order_count,
    months.order_count / nullif(previous.order_count, 0) - 1
        as order_count_change,
    months.net_amount,
    months.net_amount
    / case when previous.net_amount > 0 then previous.net_amount end
    - 1 as net_amount_change,
    months.gross_profit_amount,
    months.profit_net_amount
    / case when months.net_amount > 0 then months.net_amount end
        as profit_coverage_share
from months
left join months as previous
    on months.period_start_date
    = previous.period_start_date + interval 1 month
order by months.period_start_date desc
limit 1
