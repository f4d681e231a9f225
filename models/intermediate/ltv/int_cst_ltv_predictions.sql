with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

-- rates stand only for snapshots whose parameters may be used
purchase_rates as (

    select * from {{ ref('int_cst_ltv_purchase_rates') }}

),

parameters as (
    {{ ltv_usable_parameters() }}
),

refusals as (

    select
        snapshot_date,
        reason

    from parameters

    where reason is not null

),

scores as (

    select
        customers.customer_id,
        customers.snapshot_date,
        purchase_rates.expected_purchase_count,
        purchase_rates.discounted_purchases,
        purchase_rates.due_purchases,
        refusals.reason,
        {{ bgnbd_p_alive(
            'customers.repeat_count',
            'cast(customers.days_to_last_purchase as double) / 7',
            'cast(customers.days_observed as double) / 7'
        ) }} as p_alive,
        {{ gamma_gamma_order_amount(
            'customers.repeat_count',
            'cast(customers.repeat_net_amount as double)'
        ) }} as order_amount,
        purchase_rates.snapshot_date is not null as is_scored

    from customers

    left join purchase_rates
        on
            customers.snapshot_date = purchase_rates.snapshot_date
            and customers.repeat_count = purchase_rates.repeat_count
            and customers.days_observed = purchase_rates.days_observed

    left join parameters
        on
            customers.snapshot_date = parameters.snapshot_date
            and parameters.reason is null

    left join refusals
        on customers.snapshot_date = refusals.snapshot_date

),

predictions as (

    select
        scores.customer_id,
        scores.snapshot_date,

        case
            when scores.is_scored then 'bgnbd'
            when cohort_predictions.customer_id is not null then 'cohort'
        end as method,
        case
            when scores.is_scored then null
            when cohort_predictions.customer_id is null
                then 'history_too_short'
            {%- if cst_var('ltv_method') == 'bgnbd' %}
            else coalesce(scores.reason, 'no_parameters')
            {%- endif %}
        end as method_reason,

        {%- for amount, purchases in [
            ('expected_amount', 'expected_purchase_count'),
            ('discounted_amount', 'discounted_purchases'),
            ('due_amount', 'due_purchases'),
        ] %}
        case
            when scores.is_scored
                then cast(
                    scores.p_alive * scores.{{ purchases }}
                    * scores.order_amount as decimal(18, 2)
                )
            else cohort_predictions.{{ amount }}
        end as {{ amount }},
        {%- endfor %}
        case when scores.is_scored then scores.p_alive end as p_alive,
        case
            when scores.is_scored
                then scores.p_alive * scores.expected_purchase_count
            else cohort_predictions.expected_purchase_count
        end as expected_purchase_count,
        case
            when scores.is_scored
                then cast(scores.order_amount as decimal(18, 2))
            else cohort_predictions.expected_order_amount
        end as expected_order_amount

    from scores

    left join cohort_predictions
        on
            scores.customer_id = cohort_predictions.customer_id
            and scores.snapshot_date = cohort_predictions.snapshot_date

)

select * from predictions
