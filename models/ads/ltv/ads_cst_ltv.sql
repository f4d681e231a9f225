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

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

amounts as (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

ltv as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'segmentation.customer_id', 'segmentation.snapshot_date'
        ]) }} as ltv_key,
        segmentation.customer_key,
        segmentation.customer_id,

        segmentation.snapshot_date,
        segmentation.is_current,

        cast({{ dbt.date_trunc(
            'month', 'segmentation.first_order_date'
        ) }} as date) as cohort_month,
        segmentation.segment_code,
        segmentation.value_tier,
        retention.strategy_code,
        retention.recommended_strategy_code,

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

    from segmentation

    -- customers without a purchase, and erased ones, have no strategy
    left join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    inner join amounts
        on
            segmentation.customer_id = amounts.customer_id
            and segmentation.snapshot_date = amounts.snapshot_date

    left join predictions
        on
            segmentation.customer_id = predictions.customer_id
            and segmentation.snapshot_date = predictions.snapshot_date

)

select * from ltv
