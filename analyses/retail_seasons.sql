-- What did 618, 双11 and the Spring Festival bring, each year?
with

orders as (

    select * from {{ ref('dwd_trd_order') }}

    where is_counted

),

dates as (

    select * from {{ ref('dim_date') }}

    where retail_period_code is not null

)

select
    dates.retail_period_code,
    dates.retail_period_name_zh,
    dates.retail_period_name_en,
    dates.year_number,
    count(*) as order_count,
    count(distinct orders.customer_id) as buyer_count,
    sum(orders.net_amount) as net_amount

from orders

inner join dates
    on orders.purchase_date = dates.date_day

group by
    dates.retail_period_code,
    dates.retail_period_name_zh,
    dates.retail_period_name_en,
    dates.year_number

order by dates.retail_period_code, dates.year_number
