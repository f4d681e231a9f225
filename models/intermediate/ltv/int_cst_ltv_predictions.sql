with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

    where is_needed

),

methods as (

    select * from {{ ref('int_cst_ltv_methods') }}

    where is_chosen

),

purchase_predictions as (

    select * from {{ ref('int_cst_ltv_purchase_predictions') }}

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

past_predictions as (

    select * from {{ ref('int_cst_ltv_past_predictions') }}

),

family_predictions as (

    {%- for family, relation in [
        ('purchase_model', 'purchase_predictions'),
        ('cohort', 'cohort_predictions'),
        ('past_rate', 'past_predictions'),
    ] %}

    select
        '{{ family }}' as method_family,
        customer_id,
        snapshot_date,
        expected_amount,
        discounted_amount,
        due_amount,
        entered_amount,
        rest_amount_before_refit,
        {% if family == 'purchase_model' -%}
        p_alive,
        {%- else -%}
        cast(null as double) as p_alive,
        {%- endif %}
        expected_purchase_count,
        expected_order_amount

    from {{ relation }}

    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

predictions as (

    select
        customers.customer_id,
        customers.snapshot_date,

        methods.method_family,
        methods.method,
        case
            when methods.method_family is null then 'history_too_short'
            else methods.choice_reason
        end as method_reason,

        family_predictions.expected_amount,
        family_predictions.discounted_amount,
        family_predictions.due_amount,
        family_predictions.entered_amount,
        family_predictions.rest_amount_before_refit,

        -- without a repeat purchase, the model takes everybody for alive
        case
            when methods.method = 'bgnbd' and customers.repeat_count > 0
                then family_predictions.p_alive
        end as p_alive,
        case
            when methods.method_family is null then 'no_prediction'
            when methods.method in ('cohort', 'past_rate')
                then 'method_without_p_alive'
            when methods.method = 'nbd' then 'no_drop_out'
            when customers.repeat_count = 0 then 'one_purchase'
        end as p_alive_reason,
        family_predictions.expected_purchase_count,
        family_predictions.expected_order_amount

    from customers

    left join methods
        on customers.snapshot_date = methods.snapshot_date

    left join family_predictions
        on
            customers.customer_id = family_predictions.customer_id
            and customers.snapshot_date = family_predictions.snapshot_date
            and methods.method_family = family_predictions.method_family

)

select * from predictions
