{%- set keys = [
    'policy_code', 'subject_code', 'period_type', 'period_code', 'measure_code',
] -%}
{%- set z = z_of_95_percent() -%}
{%- set ratio_limit = cst_var('retention_sample_ratio_limit') -%}

with

means as (

    select * from {{ ref('int_cst_policy_means') }}

),

errors as (

    select * from {{ ref('int_cst_policy_errors') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

-- how many buyers the smaller of both would have if choosing did nothing
estimates as (

    select
        means.*,
        errors.policy_error,
        errors.difference_error,
        strategies.strategy_code,
        strategies.strategy_name_zh,
        strategies.strategy_name_en,
        least(
            coalesce(means.policy_effective_entries, 0e0),
            coalesce(means.default_effective_entries, 0e0)
        ) * means.option_buyer_rate as expected_buyers,
        {{ normal_two_sided_p('means.policy_weight_z') }}
            as sample_ratio_p_value,
        {{ normal_two_sided_p('means.default_weight_z') }}
            as default_ratio_p_value

    from means

    left join errors
        on
            {% for key in keys[:-1] -%}
            means.{{ key }} = errors.{{ key }}
            and {% endfor -%}
            means.measure_code = errors.measure_code

    left join strategies
        on
            means.policy_code = 'alternative'
            and means.subject_code = strategies.strategy_code

),

reasons as (

    select
        *,
        case
            when entries = 0 then 'immature'
            when {{ not contacts_are_known() }} then 'contacts_unknown'
            when
                least(policy_contacted_entries, default_contacted_entries) = 0
                then 'not_carried_out'
            when expected_buyers < {{ cst_var('retention_min_buyers') }}
                then 'too_few_buyers'
            when
                sample_ratio_p_value < {{ ratio_limit }}
                or default_ratio_p_value < {{ ratio_limit }}
                then 'sample_ratio_mismatch'
        end as withheld_reason

    from estimates

),

-- of the default itself there is no difference
values_shown as (

    select
        *,
        case when withheld_reason is null then policy_mean end as value_shown,
        case when withheld_reason is null then policy_error end as error_shown,
        case
            when withheld_reason is null and policy_code != 'default'
                then policy_mean - default_mean
        end as difference_to_default

    from reasons

),

policy_value as (

    select
        {{ dbt_utils.generate_surrogate_key(keys) }} as policy_value_key,
        {{ labeled_code('policy_code', 'policy_code') }},
        strategy_code,
        strategy_name_zh,
        strategy_name_en,
        {{ labeled_code('period_type', 'period_type') }},
        period_code,
        first_entry_date,
        last_entry_date,
        cast({{ retention_windows() | max }} as integer) as window_days,
        {{ labeled_code('measure_code', 'measure_code') }},

        entries,
        open_entries,
        policy_matching_entries as matching_entries,
        policy_effective_entries as effective_entries,
        sample_ratio_p_value,

        value_shown as policy_value,
        error_shown as standard_error,
        difference_to_default,
        difference_to_default - {{ z }} * difference_error
            as difference_low,
        difference_to_default + {{ z }} * difference_error
            as difference_high,
        {{ labeled_code(
            'withheld_reason', 'policy_withheld_reason', 'withheld_reason'
        ) }}

    from values_shown

)

select * from policy_value
