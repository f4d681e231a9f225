{%- set rates = (
    'treated_total', 'treated_entries', 'holdout_total', 'holdout_entries',
) -%}
{%- set treated = ('treated_total', 'treated_squares', 'treated_entries') -%}
{%- set holdout = ('holdout_total', 'holdout_squares', 'holdout_entries') -%}
{%- set min_buyers = cst_var('retention_min_buyers') -%}

with

weeks as (

    select * from {{ ref('int_cst_effect_weeks') }}

),

effects as (

    select * from {{ ref('ads_cst_effect') }}

    where
        period_type = 'all'
        and segment_code = 'all'
        and measure_code = 'repurchase_rate'
        and window_days = {{ retention_windows() | max }}

),

buyers as (

    select
        scope_code,
        subject_code,
        arm_code,
        week_number,
        treated_total + holdout_total as buyer_count

    from weeks

    where measure_code = 'repurchase_rate'

),

reasons as (

    select
        weeks.*,
        weeks.measure_code = 'repurchase_rate' as is_rate,
        effects.subject_name_zh,
        effects.subject_name_en,
        case
            when
                effects.withheld_reason not in ('too_few_buyers', 'immature')
                then effects.withheld_reason
            when
                cast(
                    least(weeks.treated_entries, weeks.holdout_entries)
                    as double
                ) * buyers.buyer_count
                / nullif(weeks.treated_entries + weeks.holdout_entries, 0)
                < case
                    when weeks.measure_code = 'repurchase_rate'
                        then {{ min_buyers / 2 }}
                    else {{ min_buyers }}
                end
                then 'too_few_buyers'
        end as withheld_reason

    from weeks

    inner join effects
        on
            weeks.scope_code = effects.scope_code
            and weeks.subject_code = effects.subject_code
            and weeks.arm_code = effects.arm_code

    inner join buyers
        on
            weeks.scope_code = buyers.scope_code
            and weeks.subject_code = buyers.subject_code
            and weeks.arm_code = buyers.arm_code
            and weeks.week_number = buyers.week_number

),

means as (

    select
        *,
        cast(treated_total as double) / nullif(treated_entries, 0)
            as treated_mean,
        cast(holdout_total as double) / nullif(holdout_entries, 0)
            as holdout_mean,
        {{ student_t_of_95_percent(
            '(treated_entries + holdout_entries - 2)'
        ) }} * greatest(
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
        {{ labeled_code('scope_code', 'effect_scope', 'scope_code') }},
        subject_code,
        subject_name_zh,
        subject_name_en,
        arm_code,
        {{ labeled_code('measure_code', 'effect_measure', 'measure_code') }},
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
