{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set window_days = cst_var('rfm_window_days') -%}
{%- set new_days = cst_var('lifecycle_new_days') -%}
{#- Customers with a value are ranked among themselves. -#}
{%- set peers = 'partition by predictions.snapshot_date, '
    ~ 'predictions.p_alive is null' -%}

with

customers as {{ not_materialized() }} (

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
        cast({{ dbt.date_trunc(
            'month', 'customers.first_order_date'
        ) }} as date) as cohort_month,
        outcomes.realized_purchase_count,
        outcomes.realized_amount,
        predictions.method,
        predictions.p_alive,
        case
            when predictions.p_alive is not null
                then {{ decile(
                    'rank() over (' ~ peers
                    ~ ' order by predictions.p_alive) - 1',
                    'count(*) over (' ~ peers ~ ')'
                ) }}
        end as p_alive_decile,
        predictions.expected_purchase_count,
        predictions.expected_amount,
        {{ ltv_past_rate('customers.repeat_count', 'customers.days_observed') }}
        * {{ horizon_days }} as past_rate_purchase_count,
        -- divided in whole cents, as the amounts that came are
        {{ average_amount(
            '(customers.lifetime_net_amount * customers.repeat_count * '
            ~ horizon_days ~ ')',
            'greatest(customers.days_observed, ' ~ new_days
            ~ ') * customers.purchase_count'
        ) }} as past_rate_amount,
        -- the data may cover less than the window
        {{ average_amount(
            '(customers.window_net_amount * ' ~ horizon_days ~ ')',
            'days_of_data.day_count' if window_days is none
            else 'least(days_of_data.day_count, ' ~ window_days ~ ')'
        ) }} as past_spend_amount

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

    {%- for forecast_code, is_naive, purchase_count, amount in [
        ('method', false, 'expected_purchase_count', 'expected_amount'),
        ("'past_rate'", true, 'past_rate_purchase_count', 'past_rate_amount'),
        ("'past_spend'", true, 'null', 'past_spend_amount'),
    ] %}

    select
        customer_id,
        snapshot_date,
        {{ forecast_code }} as forecast_code,
        {{ is_naive }} as is_naive,

        cohort_month,
        cast(p_alive as decimal(18, 12)) as p_alive,
        p_alive_decile,

        cast({{ purchase_count }} as decimal(18, 6))
            as predicted_purchase_count,
        realized_purchase_count,
        abs(
            cast({{ purchase_count }} as decimal(18, 6))
            - realized_purchase_count
        ) as purchase_error,
        {{ amount }} as predicted_amount,
        realized_amount,
        abs({{ amount }} - realized_amount) as amount_error

    from compared
    {%- if is_naive %}

    -- a rule that is itself the method is there once
    where method != {{ forecast_code }}
    {%- endif %}

    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from forecasts
