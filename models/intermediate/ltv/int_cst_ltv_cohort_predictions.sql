{%- set weight = ltv_cohort_weight('customers', 'cohort_customers') -%}
{%- set amounts = [
    'expected_amount', 'discounted_amount', 'due_amount', 'entered_amount',
    'rest_amount_before_refit',
] -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

    where is_needed

),

cohort_customers as (

    select * from {{ ref('int_cst_ltv_cohort_customers') }}

),

cohort_amounts as (

    select
        {%- for amount in amounts %}
        sum({{ amount }}) as {{ amount }},
        {%- endfor %}
        snapshot_date,
        acquisition_month

    from {{ ref('int_cst_ltv_cohort_forecasts') }}

    group by
        snapshot_date,
        acquisition_month

),

cohort_predictions as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.acquisition_month,

        {%- for amount in amounts %}
        {{ average_amount(
            '(cohort_amounts.' ~ amount ~ ' * ' ~ weight ~ ')',
            'cohort_customers.total_weight'
        ) }} as {{ amount }},
        {%- endfor %}

        -- purchases worth nothing have no number that an amount would tell
        cast(cohort_amounts.expected_amount as double) * {{ weight }}
        / cohort_customers.total_weight
        / nullif(cast(cohort_customers.order_amount as double), 0)
            as expected_purchase_count,
        cohort_customers.order_amount as expected_order_amount

    from customers

    inner join cohort_customers
        on
            customers.snapshot_date = cohort_customers.snapshot_date
            and customers.acquisition_month = cohort_customers.acquisition_month

    inner join cohort_amounts
        on
            customers.snapshot_date = cohort_amounts.snapshot_date
            and customers.acquisition_month = cohort_amounts.acquisition_month

)

select * from cohort_predictions
