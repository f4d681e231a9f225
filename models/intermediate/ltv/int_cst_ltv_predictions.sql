with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

parameters as (
    {{ ltv_parameter_rows() }}
),

purchase_rates as (

    select * from {{ ref('int_cst_ltv_purchase_rates') }}

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

scores as (

    select
        customers.customer_id,
        customers.snapshot_date,
        purchase_rates.expected_purchase_count,
        purchase_rates.discounted_purchases,
        purchase_rates.due_purchases,
        {{ bgnbd_p_alive(
            'customers.repeat_count',
            'cast(customers.days_to_last_purchase as double) / 7',
            'cast(customers.days_observed as double) / 7'
        ) }} as p_alive,
        {{ gamma_gamma_order_amount(
            'customers.repeat_count',
            'cast(customers.repeat_net_amount as double)'
        ) }} as order_amount

    from customers

    left join parameters
        on
            customers.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

    left join purchase_rates
        on
            customers.snapshot_date = purchase_rates.snapshot_date
            and customers.repeat_count = purchase_rates.repeat_count
            and customers.days_observed = purchase_rates.days_observed

),

predictions as (

    select
        scores.customer_id,
        scores.snapshot_date,

        case
            when scores.expected_purchase_count is not null then 'bgnbd'
            when cohort_predictions.customer_id is not null then 'cohort'
        end as method,
        case
            when scores.expected_purchase_count is not null then null
            when cohort_predictions.customer_id is null
                then 'history_too_short'
            {%- if cst_var('ltv_method') == 'bgnbd' %}
            else coalesce(parameters.reason, 'no_parameters')
            {%- endif %}
        end as method_reason,

        {%- for amount, purchases in [
            ('expected_amount', 'expected_purchase_count'),
            ('discounted_amount', 'discounted_purchases'),
            ('due_amount', 'due_purchases'),
        ] %}
        coalesce(
            cast(
                scores.p_alive * scores.{{ purchases }} * scores.order_amount
                as decimal(24, 2)
            ),
            cohort_predictions.{{ amount }}
        ) as {{ amount }},
        {%- endfor %}
        case
            when scores.expected_purchase_count is not null then scores.p_alive
        end as p_alive,
        coalesce(
            scores.p_alive * scores.expected_purchase_count,
            cast(cohort_predictions.expected_amount as double) / nullif(
                cast(cohort_predictions.expected_order_amount as double), 0
            )
        ) as expected_purchase_count,
        coalesce(
            cast(scores.order_amount as decimal(24, 2)),
            cohort_predictions.expected_order_amount
        ) as expected_order_amount

    from scores

    left join parameters
        on scores.snapshot_date = parameters.snapshot_date

    left join cohort_predictions
        on
            scores.customer_id = cohort_predictions.customer_id
            and scores.snapshot_date = cohort_predictions.snapshot_date

)

select * from predictions
