{%- set high_decile = cst_var('ltv_tier_high_decile') -%}
{%- set mid_decile = cst_var('ltv_tier_mid_decile') -%}
{%- set method_reason -%}
    case
        when predictions.customer_id is null then 'no_purchase'
        else predictions.method_reason
    end
{%- endset -%}
{%- set p_alive_reason -%}
    case
        when predictions.customer_id is null then 'no_prediction'
        else predictions.p_alive_reason
    end
{%- endset -%}

with

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

amounts as (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

ltv as (

    select
        amounts.customer_id,

        amounts.snapshot_date,

        amounts.historic_ltv_amount,
        amounts.predicted_ltv_amount,
        amounts.ltv_amount,
        amounts.ltv_change_amount,
        amounts.ltv_realized_change_amount,
        amounts.ltv_time_change_amount,
        amounts.ltv_outlook_change_amount,
        amounts.ltv_horizon_change_amount,
        amounts.ltv_refit_change_amount,

        amounts.ltv_decile,
        case
            when amounts.ltv_decile >= {{ high_decile }} then 'high'
            when amounts.ltv_decile >= {{ mid_decile }} then 'mid'
            when amounts.ltv_decile is not null then 'low'
        end as ltv_tier,

        predictions.p_alive,
        {{ labeled_code(p_alive_reason, 'p_alive_reason') }},
        predictions.expected_purchase_count,
        predictions.expected_order_amount,

        predictions.method as ltv_method,
        {{ labeled_code(method_reason, 'ltv_method_reason') }}

    from amounts

    left join predictions
        on
            amounts.customer_id = predictions.customer_id
            and amounts.snapshot_date = predictions.snapshot_date

)

select * from ltv
