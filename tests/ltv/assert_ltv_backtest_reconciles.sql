-- Each type of group holds all customers with a prediction once, for every
-- forecast, the tenths by p_alive all with a p_alive; and what came is what the
-- daily orders hold of them, counted anew.
with

backtest as (

    select * from {{ ref('ads_cst_ltv_backtest') }}

),

ltv as (

    select * from {{ ref('int_cst_ltv') }}

    where ltv_method is not null

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

group_types as (

    {%- for group_type in [
        'total', 'decile', 'cohort', 'segment', 'value_tier',
        'acquisition_channel', 'p_alive_decile',
    ] %}
    select '{{ group_type }}' as group_type
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

group_totals as (

    select
        snapshot_date,
        forecast_code,
        group_type,
        sum(customer_count) as customer_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(predicted_amount) as predicted_amount,
        sum(realized_amount) as realized_amount

    from backtest

    group by
        snapshot_date,
        forecast_code,
        group_type

),

totals as (

    select * from backtest

    where
        group_type = 'total'
        -- what was published may lack what came in since
        and backtest_key not in (
            select published.backtest_key
            from {{ source('published', 'ads_cst_ltv_backtest') }} as published
        )

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
        ltv.p_alive,
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
        ltv.snapshot_date,
        ltv.p_alive

),

expected_totals as (

    select
        customer_amounts.snapshot_date,
        group_types.group_type,
        count(*) as customer_count,
        sum(customer_amounts.realized_amount) as realized_amount

    from customer_amounts

    inner join group_types
        on
            group_types.group_type != 'p_alive_decile'
            or customer_amounts.p_alive is not null

    group by
        customer_amounts.snapshot_date,
        group_types.group_type

),

differences as (

    select
        totals.snapshot_date,
        totals.forecast_code,
        expected_totals.group_type,
        group_totals.customer_count,
        group_totals.realized_amount,
        group_totals.predicted_amount,
        totals.predicted_amount as total_predicted_amount,
        expected_totals.customer_count as expected_customer_count,
        expected_totals.realized_amount as expected_realized_amount

    from totals

    inner join expected_totals
        on totals.snapshot_date = expected_totals.snapshot_date

    left join group_totals
        on
            totals.snapshot_date = group_totals.snapshot_date
            and totals.forecast_code = group_totals.forecast_code
            and expected_totals.group_type = group_totals.group_type

    where
        group_totals.customer_count is null
        or group_totals.customer_count != expected_totals.customer_count
        or group_totals.realized_amount != expected_totals.realized_amount
        or (
            expected_totals.group_type != 'p_alive_decile'
            and (
                group_totals.predicted_amount != totals.predicted_amount
                or group_totals.realized_purchase_count
                != totals.realized_purchase_count
            )
        )

)

select * from differences
