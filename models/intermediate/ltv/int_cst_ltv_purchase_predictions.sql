with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

    where is_needed

),

parameters as (
    {{ ltv_parameter_rows() }}
),

purchase_rates as (

    select * from {{ ref('int_cst_ltv_purchase_rates') }}

),

scores as (

    select
        customers.customer_id,
        customers.snapshot_date,
        purchase_rates.parameters_date,
        purchase_rates.expected_purchase_count,
        purchase_rates.discounted_purchases,
        purchase_rates.due_purchases,
        purchase_rates.entered_purchases,
        purchase_rates.rest_purchases,
        {{ bgnbd_p_alive(
            'customers.repeat_count',
            'cast(customers.days_to_last_purchase as double) / 7',
            'cast(customers.days_observed as double) / 7'
        ) }} as p_alive,
        {{ ltv_order_amount(
            'customers.repeat_count',
            'cast(customers.repeat_net_amount as double)'
        ) }} as order_amount

    from customers

    inner join purchase_rates
        on
            customers.snapshot_date = purchase_rates.snapshot_date
            and customers.repeat_count = purchase_rates.repeat_count
            and customers.days_observed = purchase_rates.days_observed

    inner join parameters
        on purchase_rates.parameters_date = parameters.snapshot_date

),

scores_before_refit as (

    select
        customer_id,
        snapshot_date,
        p_alive * rest_purchases * order_amount as rest_amount

    from scores

    where parameters_date < snapshot_date

),

purchase_predictions as (

    select
        scores.customer_id,
        scores.snapshot_date,

        scores.p_alive,
        scores.p_alive * scores.expected_purchase_count
            as expected_purchase_count,
        cast(scores.order_amount as decimal(24, 2)) as expected_order_amount,
        {%- for amount, purchases in [
            ('expected', 'expected_purchase_count'),
            ('discounted', 'discounted_purchases'),
            ('due', 'due_purchases'),
            ('entered', 'entered_purchases'),
        ] %}
        cast(
            scores.p_alive * scores.{{ purchases }} * scores.order_amount
            as decimal(24, 2)
        ) as {{ amount }}_amount,
        {%- endfor %}
        cast(scores_before_refit.rest_amount as decimal(24, 2))
            as rest_amount_before_refit

    from scores

    left join scores_before_refit
        on
            scores.customer_id = scores_before_refit.customer_id
            and scores.snapshot_date = scores_before_refit.snapshot_date

    where scores.parameters_date = scores.snapshot_date

)

select * from purchase_predictions
