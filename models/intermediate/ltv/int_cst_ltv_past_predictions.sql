{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

spans as (

    select * from {{ ref('int_cst_ltv_spans') }}

),

-- what a purchase a day is worth on the snapshot date
discounted_days as (

    select
        snapshot_date,
        {{ ltv_discounted_days(0, horizon_days) }} as horizon_worth,
        {{ ltv_discounted_days(0, 'due_days') }} as due_worth,
        {{ ltv_discounted_days(
            horizon_days ~ ' - entered_days', horizon_days
        ) }} as entered_worth

    from spans

),

rates as (

    select
        customer_id,
        snapshot_date,
        {{ ltv_past_rate('repeat_count', 'days_observed') }}
            as purchases_per_day,
        cast(lifetime_net_amount as double) / purchase_count as order_amount,
        {{ average_amount('lifetime_net_amount', 'purchase_count') }}
            as expected_order_amount

    from customers

),

amounts as (

    select
        rates.customer_id,
        rates.snapshot_date,
        rates.purchases_per_day * {{ horizon_days }} as expected_purchase_count,
        rates.expected_order_amount,
        {%- for amount, days in [
            ('expected', horizon_days),
            ('discounted', 'discounted_days.horizon_worth'),
            ('due', 'discounted_days.due_worth'),
            ('entered', 'discounted_days.entered_worth'),
        ] %}
        cast(
            rates.purchases_per_day * {{ days }} * rates.order_amount
            as decimal(24, 2)
        ) as {{ amount }}_amount{{ ',' if not loop.last }}
        {%- endfor %}

    from rates

    inner join discounted_days
        on rates.snapshot_date = discounted_days.snapshot_date

),

past_predictions as (

    select
        customer_id,
        snapshot_date,

        expected_purchase_count,
        expected_order_amount,
        expected_amount,
        discounted_amount,
        due_amount,
        entered_amount,
        -- a rate is counted, not fitted
        cast(discounted_amount - entered_amount as decimal(24, 2))
            as rest_amount_before_refit

    from amounts

)

select * from past_predictions
