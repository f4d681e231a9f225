-- Each type of group holds all customers once, for every forecast, and what
-- came is what the daily orders hold of them, counted anew.
with

backtest as (

    select * from {{ ref('ads_cst_ltv_backtest') }}

),

ltv as (

    select * from {{ ref('ads_cst_ltv') }}

    where ltv_method is not null

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

group_totals as (

    select
        snapshot_date,
        horizon_end_date,
        forecast_code,
        group_type,
        sum(customer_count) as customer_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(predicted_amount) as predicted_amount,
        sum(realized_amount) as realized_amount

    from backtest

    group by
        snapshot_date,
        horizon_end_date,
        forecast_code,
        group_type

),

totals as (

    select * from group_totals

    where group_type = 'total'

),

horizons as (

    select distinct
        snapshot_date,
        horizon_end_date

    from totals

),

customer_amounts as (

    select
        ltv.customer_id,
        ltv.snapshot_date,
        coalesce(sum(orders_daily.net_amount), 0) as realized_amount

    from horizons

    inner join ltv
        on horizons.snapshot_date = ltv.snapshot_date

    left join orders_daily
        on
            ltv.customer_id = orders_daily.customer_id
            and horizons.snapshot_date < orders_daily.business_date
            and horizons.horizon_end_date >= orders_daily.business_date

    group by
        ltv.customer_id,
        ltv.snapshot_date

),

expected_totals as (

    select
        snapshot_date,
        count(*) as customer_count,
        sum(realized_amount) as realized_amount

    from customer_amounts

    group by snapshot_date

),

differences as (

    select
        group_totals.snapshot_date,
        group_totals.forecast_code,
        group_totals.group_type,
        group_totals.customer_count,
        group_totals.realized_amount,
        group_totals.predicted_amount,
        totals.predicted_amount as total_predicted_amount,
        expected_totals.customer_count as expected_customer_count,
        expected_totals.realized_amount as expected_realized_amount

    from group_totals

    inner join expected_totals
        on group_totals.snapshot_date = expected_totals.snapshot_date

    inner join totals
        on
            group_totals.snapshot_date = totals.snapshot_date
            and group_totals.forecast_code = totals.forecast_code

    where
        group_totals.customer_count != expected_totals.customer_count
        or group_totals.realized_amount != expected_totals.realized_amount
        or group_totals.predicted_amount != totals.predicted_amount
        or group_totals.realized_purchase_count
        != totals.realized_purchase_count

)

select * from differences
