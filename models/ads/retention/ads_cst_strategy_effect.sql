{%- set sample_ratio_limit = cst_var('retention_sample_ratio_limit') -%}
{%- set min_customers = cst_var('retention_min_customers') -%}
{%- set groups = (
    'treated_repurchasers', 'treated_customers',
    'holdout_repurchasers', 'holdout_customers',
) -%}

with

outcomes as (

    select
        *,
        {{ sample_ratio_p_value(
            'holdout_customers', 'treated_customers',
            cst_var('retention_holdout_share'),
        ) }} as sample_ratio_p_value

    from {{ ref('ads_cst_strategy_outcome') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

reasons as (

    select
        *,
        case
            when not is_mature then 'immature'
            when contacted_treated_customers is null then 'contacts_unknown'
            when contacted_treated_customers = 0 then 'not_carried_out'
            when holdout_customers = 0 then 'no_holdout'
            when
                least(treated_customers, holdout_customers)
                < {{ min_customers }}
                then 'too_few'
            when sample_ratio_p_value < {{ sample_ratio_limit }}
                then 'sample_ratio_mismatch'
        end as withheld_reason

    from outcomes

),

comparisons as (

    select
        *,
        {% for group in ['treated', 'holdout'] -%}
        {{ variance_of_mean(
            group ~ '_amount', group ~ '_squares', group ~ '_customers'
        ) }} as {{ group }}_variance,
        {% endfor -%}
        -- no group is empty here, but Spark may divide before it filters
        cast(treated_repurchasers as double) / nullif(treated_customers, 0)
        - cast(holdout_repurchasers as double) / nullif(holdout_customers, 0)
            as rate_uplift,
        {{ newcombe_bound(*groups, side='lower') }} as rate_uplift_low,
        {{ newcombe_bound(*groups, side='upper') }} as rate_uplift_high,
        {{ proportion_difference_error(*groups) }} as rate_standard_error,
        {{ two_proportion_z(*groups) }} as rate_pooled_z,

        cast(treated_amount as double) / nullif(treated_customers, 0)
        - cast(holdout_amount as double) / nullif(holdout_customers, 0)
            as mean_difference

    from reasons

    where withheld_reason is null

),

spreads as (

    select
        *,
        sqrt(treated_variance + holdout_variance) as standard_error,
        {{ welch_degrees_of_freedom(
            'treated_variance', 'treated_customers',
            'holdout_variance', 'holdout_customers',
        ) }} as degrees_of_freedom

    from comparisons

),

estimates as (

    select
        strategy_outcome_key,

        rate_uplift,
        rate_uplift_low,
        rate_uplift_high,
        rate_uplift / rate_standard_error as rate_z_score,
        {{ normal_two_sided_p('rate_pooled_z') }} as rate_p_value,

        {{ average_amount(
            '(treated_amount * holdout_customers '
            ~ '- holdout_amount * treated_customers)',
            '(treated_customers * holdout_customers)',
        ) }} as amount_uplift,
        mean_difference - standard_error
        * {{ student_t_of_95_percent('degrees_of_freedom') }}
            as amount_uplift_low,
        mean_difference + standard_error
        * {{ student_t_of_95_percent('degrees_of_freedom') }}
            as amount_uplift_high,
        {{ student_t_two_sided_p(
            '(mean_difference / nullif(standard_error, 0e0))',
            'degrees_of_freedom',
        ) }} as amount_p_value,

        rate_uplift * treated_customers as incremental_customers,
        cast(
            treated_amount - {{ average_amount(
                'holdout_amount * treated_customers', 'holdout_customers'
            ) }} as decimal(24, 2)
        ) as incremental_amount

    from spreads

),

strategy_effect as (

    select
        reasons.strategy_outcome_key as strategy_effect_key,
        reasons.snapshot_date,
        reasons.strategy_code,
        strategies.strategy_name_zh,
        strategies.strategy_name_en,
        reasons.segment_code,
        segments.segment_name_zh,
        segments.segment_name_en,
        segments.is_total,
        reasons.window_days,

        reasons.treated_customers,
        reasons.holdout_customers,
        reasons.contacted_treated_customers,
        reasons.contacted_holdout_customers,
        reasons.sample_ratio_p_value,

        cast(reasons.treated_repurchasers as double)
        / nullif(reasons.treated_customers, 0) as treated_repurchase_rate,
        cast(reasons.holdout_repurchasers as double)
        / nullif(reasons.holdout_customers, 0) as holdout_repurchase_rate,
        estimates.rate_uplift,
        estimates.rate_uplift_low,
        estimates.rate_uplift_high,
        estimates.rate_z_score,
        estimates.rate_p_value,

        {{ average_amount(
            'reasons.treated_amount', 'reasons.treated_customers'
        ) }} as treated_amount_per_customer,
        {{ average_amount(
            'reasons.holdout_amount', 'reasons.holdout_customers'
        ) }} as holdout_amount_per_customer,
        estimates.amount_uplift,
        cast(estimates.amount_uplift_low as decimal(24, 2))
            as amount_uplift_low,
        cast(estimates.amount_uplift_high as decimal(24, 2))
            as amount_uplift_high,
        estimates.amount_p_value,

        estimates.incremental_customers,
        estimates.incremental_amount,
        reasons.cost_amount,
        cast(estimates.incremental_amount as double)
        / nullif(reasons.cost_amount, 0) as return_on_spend,

        {{ labeled_code('reasons.withheld_reason', 'withheld_reason') }}

    from reasons

    inner join strategies
        on reasons.strategy_code = strategies.strategy_code

    left join segments
        on reasons.segment_code = segments.segment_code

    left join estimates
        on reasons.strategy_outcome_key = estimates.strategy_outcome_key

)

select * from strategy_effect
