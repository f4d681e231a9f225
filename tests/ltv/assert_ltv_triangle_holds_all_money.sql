-- As of a month end, the newest sums of all cohorts are the net amount of all
-- customers.
with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

),

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

),

customers as (

    select
        snapshot_date,
        sum(lifetime_net_amount) as net_amount

    from segmentation

    where snapshot_date = last_day(snapshot_date)

    group by snapshot_date

),

cohorts as (

    select
        month_end_date,
        sum(cumulative_gross_amount - cumulative_refund_amount) as net_amount

    from triangle

    group by month_end_date

),

differences as (

    select
        customers.snapshot_date,
        customers.net_amount as customers_net_amount,
        cohorts.net_amount as cohorts_net_amount

    from customers

    left join cohorts
        on customers.snapshot_date = cohorts.month_end_date

    where coalesce(cohorts.net_amount, 0) != customers.net_amount

)

select * from differences
