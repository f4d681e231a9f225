{%- set horizon_days = cst_var('ltv_horizon_days') -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

    where is_needed

),

spans as (

    select * from {{ ref('int_cst_ltv_spans') }}

),

seasons as (

    select * from {{ ref('int_cst_ltv_seasons') }}

),

-- what a purchase a day is worth on the snapshot date
days_of_worth as (

    select
        spans.snapshot_date,
        {{ horizon_days }} * seasons.horizon_factor as expected_days,
        {{ ltv_discounted_days(0, horizon_days) }} * seasons.horizon_factor
            as discounted_days,
        {{ ltv_discounted_days(0, 'spans.due_days') }} * seasons.due_factor
            as due_days,
        {{ ltv_discounted_days(
            horizon_days ~ ' - spans.entered_days', horizon_days
        ) }} * seasons.entered_factor as entered_days

    from spans

    inner join seasons
        on spans.snapshot_date = seasons.snapshot_date

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
        rates.purchases_per_day * days_of_worth.expected_days
            as expected_purchase_count,
        {%- for amount in ['expected', 'discounted', 'due', 'entered'] %}
        cast(
            rates.purchases_per_day * days_of_worth.{{ amount }}_days
            * rates.order_amount as decimal(24, 2)
        ) as {{ amount }}_amount,
        {%- endfor %}
        rates.expected_order_amount

    from rates

    inner join days_of_worth
        on rates.snapshot_date = days_of_worth.snapshot_date

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
