{%- set keys = ['scope_code', 'subject_code', 'arm_code'] -%}
{%- set treated = ['treated_total', 'treated_squares', 'treated_entries'] -%}
{%- set holdout = ['holdout_total', 'holdout_squares', 'holdout_entries'] -%}
{%- set rates = treated[::2] + holdout[::2] -%}
{%- set min_buyers = cst_var('retention_min_buyers') -%}

with

weeks as (

    select * from {{ ref('int_cst_effect_weeks') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

campaigns as (

    select * from {{ ref('dim_prm_campaign') }}

),

estimates as (

    select * from {{ ref('int_cst_effect_estimates') }}

    where
        period_type = 'all'
        and segment_code = 'all'
        and measure_code = 'repurchase_rate'

),

-- what the longest window says that is over for somebody
verdicts as (

    select
        {{ keys | join(', ') }},
        max_by(coalesce(withheld_reason, 'none'), window_days) as verdict

    from estimates

    where coalesce(withheld_reason, 'none') != 'immature'

    group by {{ keys | join(', ') }}

),

reasons as (

    select
        weeks.*,
        weeks.measure_code = 'repurchase_rate' as is_rate,
        {{ effect_subject_name('weeks.scope_code', 'zh') }} as subject_name_zh,
        {{ effect_subject_name('weeks.scope_code', 'en') }} as subject_name_en,
        case
            when verdicts.verdict is null then 'immature'
            when verdicts.verdict not in ('none', 'too_few_buyers')
                then verdicts.verdict
            when
                cast(
                    least(weeks.treated_entries, weeks.holdout_entries)
                    as double
                ) * weeks.buyer_count
                / nullif(weeks.treated_entries + weeks.holdout_entries, 0)
                * case when weeks.measure_code = 'repurchase_rate' then 2 else 1 end
                < {{ min_buyers }}
                then 'too_few_buyers'
        end as withheld_reason

    from weeks

    left join verdicts
        on
            weeks.scope_code = verdicts.scope_code
            and weeks.subject_code = verdicts.subject_code
            and weeks.arm_code = verdicts.arm_code

    left join strategies
        on weeks.subject_code = strategies.strategy_code

    left join campaigns
        on weeks.subject_code = campaigns.campaign_id

),

means as (

    select
        *,
        cast(treated_total as double) / nullif(treated_entries, 0)
            as treated_mean,
        cast(holdout_total as double) / nullif(holdout_entries, 0)
            as holdout_mean,
        {{ student_t_of_95_percent(pooled_degrees_of_freedom(
            'treated_entries', 'holdout_entries'
        )) }} * greatest(
            {{ difference_error(
                pooled_variance(*(treated + holdout)),
                'treated_entries', 'holdout_entries',
            ) }},
            sqrt(
                {{ variance_of_mean(*treated) }}
                + {{ variance_of_mean(*holdout) }}
            )
        ) as margin

    from reasons

),

effect_curve as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'scope_code', 'subject_code', 'arm_code', 'measure_code',
            'week_number',
        ]) }} as effect_curve_key,
        {{ labeled_code('scope_code', 'scope_code') }},
        subject_code,
        subject_name_zh,
        subject_name_en,
        arm_code,
        {{ labeled_code('measure_code', 'measure_code') }},
        week_number,

        treated_entries,
        holdout_entries,
        treated_mean,
        holdout_mean,
        case when withheld_reason is null then treated_mean - holdout_mean end
            as uplift,
        {% for side, sign in {'lower': '-', 'upper': '+'}.items() -%}
        case
            when withheld_reason is not null then null
            when is_rate then {{ newcombe_bound(*rates, side=side) }}
            else treated_mean - holdout_mean {{ sign }} margin
        end as uplift_{{ {'lower': 'low', 'upper': 'high'}[side] }},
        {% endfor -%}
        {{ labeled_code('withheld_reason', 'withheld_reason') }}

    from means

)

select * from effect_curve
