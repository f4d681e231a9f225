{%- set treated = ('treated_total', 'treated_squares', 'treated_entries') -%}
{%- set holdout = ('holdout_total', 'holdout_squares', 'holdout_entries') -%}
{%- set rates = (
    'treated_buyers', 'treated_entries', 'holdout_buyers', 'holdout_entries',
) -%}
{%- set min_buyers = cst_var('retention_min_buyers') -%}

with

moments as (

    select * from {{ ref('int_cst_effect_moments') }}

),

repeats as (

    select * from {{ ref('int_cst_effect_repeats') }}

),

campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

means as (

    select
        moments.*,
        moments.measure_code in ('repurchase_rate', 'visit_rate') as is_rate,

        case moments.scope_code
            when 'program'
                then {{ cst_var('retention_program_holdout_share') }}
            when 'strategy' then {{ cst_var('retention_holdout_share') }}
            when 'campaign'
                -- an arm beside the whole control group has no share that
                -- anybody intended
                then case
                    when moments.arm_code = 'all' then campaigns.control_share
                end
        end as holdout_share,
        -- how many buyers the smaller group has if nothing works: their real
        -- number would choose the rows by their result
        cast(
            least(moments.treated_entries, moments.holdout_entries) as double
        ) * (moments.treated_buyers + moments.holdout_buyers)
        / nullif(moments.treated_entries + moments.holdout_entries, 0)
            as expected_buyers,

        moments.treated_net + moments.holdout_net as net_total,
        moments.treated_profit_net + moments.holdout_profit_net
            as profit_net_total,
        cast(moments.treated_total as double)
        / nullif(moments.treated_entries, 0) as treated_mean,
        cast(moments.holdout_total as double)
        / nullif(moments.holdout_entries, 0) as holdout_mean

    from moments

    left join campaigns
        on
            moments.scope_code = 'campaign'
            and moments.subject_code = campaigns.campaign_id

),

comparisons as (

    select
        means.*,
        means.treated_mean - means.holdout_mean as uplift,
        {{ proportion_difference_error(*rates) }} as rate_error,
        sqrt(
            {{ variance_of_mean(*treated) }} + {{ variance_of_mean(*holdout) }}
        ) as own_error,
        {{ difference_error(
            pooled_variance(*(treated + holdout)),
            'treated_entries', 'holdout_entries',
        ) }} as pooled_error,
        {{ repeat_variance(
            'repeats', 'treated_mean', 'treated_entries',
            'holdout_mean', 'holdout_entries',
        ) }} as repeat_variance,
        {{ sample_ratio_z(
            'holdout_entries', 'treated_entries', 'holdout_share'
        ) }} as sample_ratio_z

    from means

    left join repeats
        on
            means.scope_code = 'strategy'
            and means.subject_code = repeats.subject_code
            and means.segment_code = repeats.segment_code
            and means.period_type = repeats.period_type
            and means.period_code = repeats.period_code
            and means.window_days = repeats.window_days
            and means.measure_code = repeats.measure_code

),

errors as (

    select
        *,
        coalesce(
            sqrt(
                1e0 + greatest(repeat_variance, 0e0)
                / nullif(own_error * own_error, 0e0)
            ), 1e0
        ) as widening,
        {{ normal_two_sided_p('sample_ratio_z') }} as sample_ratio_p_value,
        {{ pooled_degrees_of_freedom('treated_entries', 'holdout_entries') }}
            as degrees_of_freedom

    from comparisons

),

-- the larger of both errors: one group's own is unsure where few of it bought,
-- the common one hides that a group varies more
scores as (

    select
        *,
        case
            when not is_compared then 'holdout_not_in_use'
            when treated_entries + holdout_entries = 0 then 'immature'
            when {{ not contacts_are_known() }} then 'contacts_unknown'
            when treated_contacted = 0 then 'not_carried_out'
            when least(treated_entries, holdout_entries) = 0 then 'no_holdout'
            when
                sample_ratio_p_value
                < {{ cst_var('retention_sample_ratio_limit') }}
                then 'sample_ratio_mismatch'
            when
                expected_buyers < {{ min_buyers }} / 2e0
                or pooled_error is null
                then 'too_few_buyers'
            when expected_buyers < {{ min_buyers }} and not is_rate
                then 'too_few_buyers'
        end as withheld_reason,
        {{ two_proportion_z(*rates) }} / widening as z_score,
        uplift / nullif(pooled_error * widening, 0e0) as t_score,
        {{ student_t_of_95_percent('degrees_of_freedom') }}
        * widening * greatest(pooled_error, own_error) as margin

    from errors

),

estimates as (

    select
        {% for column in effect_columns() -%}
        {{ column }},
        {% endfor -%}
        {% for estimate, (of_rate, of_mean) in {
            'uplift': ('uplift', 'uplift'),
            'standard_error': ('rate_error * widening', 'own_error * widening'),
            'uplift_low': (
                'uplift + widening * ('
                ~ newcombe_bound(*rates, side='lower') ~ ' - uplift)',
                'uplift - margin',
            ),
            'uplift_high': (
                'uplift + widening * ('
                ~ newcombe_bound(*rates, side='upper') ~ ' - uplift)',
                'uplift + margin',
            ),
            'p_value': (
                normal_two_sided_p('z_score'),
                student_t_two_sided_p('t_score', 'degrees_of_freedom'),
            ),
        }.items() -%}
        case
            when withheld_reason is not null then null
            when is_rate then {{ of_rate }}
            else {{ of_mean }}
        end as {{ estimate }},
        {% endfor -%}
        pooled_error * widening as pooled_error,
        widening

    from scores

)

select * from estimates
