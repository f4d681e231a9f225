with

returns as (

    select * from {{ ref('int_cst_effect_returns') }}

),

extrapolations as (

    select * from {{ ref('int_cst_effect_extrapolations') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

campaigns as (

    select * from {{ ref('dim_prm_campaign') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

effect as (

    select
        {{ dbt_utils.generate_surrogate_key(
            effect_keys('returns.')
        ) }} as effect_key,
        {{ labeled_code('returns.scope_code', 'scope_code') }},
        returns.subject_code,
        {% for language in ['zh', 'en'] -%}
        {{ effect_subject_name('returns.scope_code', language) }}
            as subject_name_{{ language }},
        {% endfor -%}
        coalesce(campaigns.strategy_code, strategies.strategy_code)
            as strategy_code,
        campaigns.campaign_id,
        returns.arm_code,
        {{ labeled_code('returns.period_type', 'period_type') }},
        returns.period_code,
        returns.first_entry_date,
        returns.last_entry_date,
        returns.segment_code,
        segments.segment_name_zh,
        segments.segment_name_en,
        returns.window_days,
        {{ labeled_code('returns.measure_code', 'measure_code') }},

        returns.segment_code = 'all' and returns.arm_code = 'all' as is_total,
        {{ is_headline_effect('returns') }} as is_headline,

        {% for count, name in {
            'treated_entries': 'treated_entries',
            'holdout_entries': 'holdout_entries', 'open_entries': 'open_entries',
            'treated_buyers': 'treated_buyers',
            'holdout_buyers': 'holdout_buyers',
            'treated_contacted': 'contacted_treated_entries',
            'holdout_contacted': 'contacted_holdout_entries',
        }.items() -%}
        cast(returns.{{ count }} as bigint) as {{ name }},
        {% endfor -%}
        returns.sample_ratio_p_value,

        returns.treated_mean,
        returns.holdout_mean,
        returns.uplift,
        returns.standard_error,
        returns.uplift_low,
        returns.uplift_high,
        returns.p_value,
        returns.q_value,
        {{ labeled_code(
            "case when returns.is_rate then 'newcombe' else 'pooled_t' end",
            'method_code',
        ) }},
        returns.adjusted_uplift,
        returns.adjusted_uplift - returns.adjusted_margin as adjusted_low,
        returns.adjusted_uplift + returns.adjusted_margin as adjusted_high,
        returns.minimum_detectable_uplift,
        {{ entries_needed(
            'returns.treated_entries + returns.holdout_entries',
            'returns.minimum_detectable_uplift',
            'returns.holdout_mean',
        ) }} as entries_needed,
        {{ labeled_code('returns.withheld_reason', 'withheld_reason') }},

        {% for part in [
            'extrapolated_uplift', 'backtest_extrapolated_uplift',
            'backtest_realized_uplift',
        ] -%}
        case
            when returns.withheld_reason is null then extrapolations.{{ part }}
        end as {{ part }},
        {% endfor -%}
        returns.uplift * returns.treated_entries as incremental_total,
        returns.incremental_discount_amount,
        returns.incremental_contact_cost_amount,
        returns.incremental_gross_profit_amount,
        returns.profit_coverage_share,
        case
            when returns.return_reason is null
                then cast(
                    returns.incremental_gross_profit_amount
                    - returns.incremental_contact_cost_amount as double
                ) / nullif(returns.incremental_cost_amount, 0)
        end as return_on_spend,
        {{ labeled_code('returns.return_reason', 'return_reason') }}

    from returns

    left join strategies
        on
            returns.scope_code = 'strategy'
            and returns.subject_code = strategies.strategy_code

    left join campaigns
        on
            returns.scope_code = 'campaign'
            and returns.subject_code = campaigns.campaign_id

    left join segments
        on returns.segment_code = segments.segment_code

    left join extrapolations
        on
            returns.measure_code = 'realized_value'
            {% for key in effect_keys() if key != 'measure_code' -%}
            and returns.{{ key }} = extrapolations.{{ key }}
            {% endfor %}
)

select * from effect
