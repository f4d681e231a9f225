with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

purchase_rates as (

    select * from {{ ref('int_cst_ltv_purchase_rates') }}

),

parameters as (
    {{ ltv_usable_parameters() }}
),

bgnbd_scores as (

    select
        customers.customer_id,
        customers.snapshot_date,
        {{ bgnbd_p_alive(
            'customers.repeat_count',
            'cast(customers.days_to_last_purchase as double) / 7',
            'cast(customers.days_observed as double) / 7'
        ) }} as p_alive,
        purchase_rates.expected_purchases,
        purchase_rates.discounted_purchases,
        purchase_rates.due_purchases,
        {{ gamma_gamma_order_amount(
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
        on customers.snapshot_date = parameters.snapshot_date

),

bgnbd_predictions as (

    select
        customer_id,
        snapshot_date,
        p_alive,
        p_alive * expected_purchases as expected_purchases,
        cast(p_alive * expected_purchases * order_amount as decimal(18, 2))
            as expected_amount,
        cast(p_alive * discounted_purchases * order_amount as decimal(18, 2))
            as discounted_amount,
        cast(p_alive * due_purchases * order_amount as decimal(18, 2))
            as due_amount,
        cast(order_amount as decimal(18, 2)) as expected_order_amount

    from bgnbd_scores

),

predictions as (

    select
        customers.customer_id,
        customers.snapshot_date,

        case
            when bgnbd_predictions.customer_id is not null then 'bgnbd'
            when cohort_predictions.customer_id is not null then 'cohort'
        end as method,
        case
            when bgnbd_predictions.customer_id is not null then null
            when cohort_predictions.customer_id is null
                then 'history_too_short'
            {%- if cst_var('ltv_method') == 'bgnbd' %}
            else coalesce(parameters.reason, 'no_parameters')
            {%- endif %}
        end as method_reason,

        coalesce(
            bgnbd_predictions.expected_amount,
            cohort_predictions.expected_amount
        ) as expected_amount,
        coalesce(
            bgnbd_predictions.discounted_amount,
            cohort_predictions.discounted_amount
        ) as discounted_amount,
        coalesce(bgnbd_predictions.due_amount, cohort_predictions.due_amount)
            as due_amount,
        bgnbd_predictions.p_alive,
        coalesce(
            bgnbd_predictions.expected_purchases,
            cohort_predictions.expected_purchases
        ) as expected_purchases,
        coalesce(
            bgnbd_predictions.expected_order_amount,
            cohort_predictions.expected_order_amount
        ) as expected_order_amount

    from customers

    left join parameters
        on customers.snapshot_date = parameters.snapshot_date

    left join bgnbd_predictions
        on
            customers.customer_id = bgnbd_predictions.customer_id
            and customers.snapshot_date = bgnbd_predictions.snapshot_date

    left join cohort_predictions
        on
            customers.customer_id = cohort_predictions.customer_id
            and customers.snapshot_date = cohort_predictions.snapshot_date

)

select * from predictions
