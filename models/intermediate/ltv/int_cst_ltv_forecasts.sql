{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set window_days = cst_var('rfm_window_days') -%}
{%- set new_days = cst_var('lifecycle_new_days') -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

    where method is not null

),

outcomes as (

    select * from {{ ref('int_cst_ltv_outcomes') }}

),

days_of_data as (

    select
        snapshot_date,
        max(days_observed) + 1 as day_count

    from customers

    group by snapshot_date

),

compared as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.first_order_date,
        customers.repeat_count,
        customers.purchase_count,
        customers.days_observed,
        customers.lifetime_net_amount,
        customers.window_net_amount,
        days_of_data.day_count,
        predictions.method,
        predictions.expected_purchase_count,
        predictions.expected_amount,
        outcomes.realized_purchase_count,
        outcomes.realized_amount

    from outcomes

    inner join customers
        on
            outcomes.customer_id = customers.customer_id
            and outcomes.snapshot_date = customers.snapshot_date

    inner join predictions
        on
            outcomes.customer_id = predictions.customer_id
            and outcomes.snapshot_date = predictions.snapshot_date

    inner join days_of_data
        on outcomes.snapshot_date = days_of_data.snapshot_date

),

forecasts as (

    select
        customer_id,
        snapshot_date,
        first_order_date,
        method as forecast_code,
        expected_purchase_count as predicted_purchase_count,
        expected_amount as predicted_amount,
        realized_purchase_count,
        realized_amount

    from compared

    union all

    -- who came yesterday has no rate yet: a new customer counts as observed for
    -- as long as he is called new
    select
        customer_id,
        snapshot_date,
        first_order_date,
        'past_rate' as forecast_code,
        cast(repeat_count * {{ horizon_days }} as double)
        / greatest(days_observed, {{ new_days }}) as predicted_purchase_count,
        {{ average_amount(
            '(lifetime_net_amount * repeat_count * ' ~ horizon_days ~ ')',
            'greatest(days_observed, ' ~ new_days ~ ') * purchase_count'
        ) }} as predicted_amount,
        realized_purchase_count,
        realized_amount

    from compared

    union all

    -- the window's money, per day of the window that the data cover
    select
        customer_id,
        snapshot_date,
        first_order_date,
        'past_spend' as forecast_code,
        cast(null as double) as predicted_purchase_count,
        {{ average_amount(
            '(window_net_amount * ' ~ horizon_days ~ ')',
            'day_count' if window_days is none
            else 'least(day_count, ' ~ window_days ~ ')'
        ) }} as predicted_amount,
        realized_purchase_count,
        realized_amount

    from compared

),

labeled_forecasts as (

    select
        customer_id,
        snapshot_date,
        forecast_code,

        cast({{ dbt.date_trunc('month', 'first_order_date') }} as date)
            as cohort_month,

        cast(predicted_purchase_count as decimal(18, 6)) as predicted_purchase_count,
        realized_purchase_count,
        predicted_amount,
        realized_amount

    from forecasts

)

select * from labeled_forecasts
