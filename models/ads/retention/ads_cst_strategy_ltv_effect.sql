{%- set min_customers = cst_var('retention_min_customers') -%}

with

outcomes as (

    select * from {{ ref('ads_cst_strategy_ltv_outcome') }}

),

effects as (

    select * from {{ ref('ads_cst_strategy_effect') }}

),

validated as (

    select
        *,
        {{ sample_ratio_p_value(
            'holdout_customers', 'treated_customers',
            cst_var('retention_holdout_share'),
        ) }} as sample_ratio_p_value

    from outcomes

),

reasons as (

    select
        validated.*,
        effects.strategy_name_zh,
        effects.strategy_name_en,
        effects.segment_name_zh,
        effects.segment_name_en,
        case
            when effects.withheld_reason is not null
                then effects.withheld_reason
            when
                validated.treated_customers = 0
                or validated.holdout_customers = 0
                then 'no_prediction'
            when
                validated.treated_customers < {{ min_customers }}
                or validated.holdout_customers < {{ min_customers }}
                then 'too_few'
            when
                validated.sample_ratio_p_value
                < {{ cst_var('retention_sample_ratio_limit') }}
                then 'sample_ratio_mismatch'
        end as withheld_reason

    from validated

    inner join effects
        on validated.strategy_ltv_outcome_key = effects.strategy_effect_key

),

comparisons as (

    select
        strategy_ltv_outcome_key,
        treated_customers,
        holdout_customers,

        {% for group in ['treated', 'holdout'] -%}
        {{ variance_of_mean(
            group ~ '_ltv_change', group ~ '_ltv_change_squares',
            group ~ '_customers',
        ) }} as {{ group }}_variance,
        {% endfor -%}

        -- no group is empty here, but Spark may divide before it filters
        cast(treated_ltv_change as double) / nullif(treated_customers, 0)
        - cast(holdout_ltv_change as double) / nullif(holdout_customers, 0)
            as mean_difference,
        {{ average_amount(
            '(treated_ltv_change * holdout_customers '
            ~ '- holdout_ltv_change * treated_customers)',
            '(treated_customers * holdout_customers)',
        ) }} as ltv_uplift

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
        strategy_ltv_outcome_key,

        ltv_uplift,
        cast(
            mean_difference - standard_error
            * {{ student_t_of_95_percent('degrees_of_freedom') }}
            as decimal(24, 2)
        ) as ltv_uplift_low,
        cast(
            mean_difference + standard_error
            * {{ student_t_of_95_percent('degrees_of_freedom') }}
            as decimal(24, 2)
        ) as ltv_uplift_high,
        {{ student_t_two_sided_p(
            '(mean_difference / nullif(standard_error, 0e0))',
            'degrees_of_freedom',
        ) }} as ltv_p_value

    from spreads

),

strategy_ltv_effect as (

    select
        reasons.strategy_ltv_outcome_key as strategy_ltv_effect_key,
        reasons.snapshot_date,
        reasons.strategy_code,
        reasons.strategy_name_zh,
        reasons.strategy_name_en,
        reasons.segment_code,
        reasons.segment_name_zh,
        reasons.segment_name_en,
        reasons.is_total,
        reasons.window_days,
        reasons.follow_up_date,

        reasons.treated_customers,
        reasons.treated_customers_without_ltv,
        reasons.holdout_customers,
        reasons.holdout_customers_without_ltv,
        reasons.sample_ratio_p_value,

        {{ average_amount(
            'reasons.treated_ltv_change', 'reasons.treated_customers'
        ) }} as treated_ltv_change_per_customer,
        {{ average_amount(
            'reasons.holdout_ltv_change', 'reasons.holdout_customers'
        ) }} as holdout_ltv_change_per_customer,
        estimates.ltv_uplift,
        estimates.ltv_uplift_low,
        estimates.ltv_uplift_high,
        estimates.ltv_p_value,

        {{ labeled_code('reasons.withheld_reason', 'withheld_reason') }}

    from reasons

    left join estimates
        on
            reasons.strategy_ltv_outcome_key
            = estimates.strategy_ltv_outcome_key

)

select * from strategy_ltv_effect
