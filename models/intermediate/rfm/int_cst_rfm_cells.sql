{%- set bins = cst_var('rfm_bins') -%}

with

segment_rules as (

    select * from {{ ref('cst_segment_rules') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

scores as (
    {{ numbers(1, bins) }}
),

novelties as (
    {{ numbers(0, 1) }}
),

-- every combination of scores, of customers who are new and who are not
cells as (

    select
        r_scores.number as r_score,
        f_scores.number as f_score,
        m_scores.number as m_score,
        novelties.number = 1 as is_new,
        r_scores.number + f_scores.number + m_scores.number as rfm_score,
        -- the mean of both, half a point rounded up
        cast(floor((f_scores.number + m_scores.number + 1) / 2) as integer)
            as fm_score

    from scores as r_scores

    cross join scores as f_scores

    cross join scores as m_scores

    cross join novelties

),

-- points above the lowest cell, of 100, half a point rounded up
value_scores as (

    select
        *,
        cast(
            floor((rfm_score - 3) * 100 / {{ 3 * (bins - 1) }} + 0.5) as integer
        ) as value_score

    from cells

),

-- every rule that a cell meets: tests prove that it is exactly one
rfm_cells as (

    select
        value_scores.r_score,
        value_scores.f_score,
        value_scores.m_score,
        value_scores.is_new,
        value_scores.fm_score,

        segment_rules.rule_id,
        segment_rules.segment_code,
        segments.segment_rank,
        case
            when
                value_scores.value_score
                >= {{ cst_var('value_tier_high_score') }}
                then 'high'
            when
                value_scores.value_score
                >= {{ cst_var('value_tier_mid_score') }}
                then 'mid'
            else 'low'
        end as value_tier,
        case
            when
                value_scores.r_score <= {{ cst_var('lifecycle_lapsed_score') }}
                then 'lapsed'
            when
                value_scores.r_score < {{ cst_var('lifecycle_active_score') }}
                then 'dormant'
            when value_scores.is_new then 'new'
            else 'active'
        end as lifecycle_stage,

        cast(value_scores.r_score as string)
        || cast(value_scores.f_score as string)
        || cast(value_scores.m_score as string) as rfm_code,
        value_scores.rfm_score,
        value_scores.value_score

    from value_scores

    left join segment_rules
        on {{ meets_segment_rule('value_scores', 'segment_rules') }}

    left join segments
        on segment_rules.segment_code = segments.segment_code

)

select * from rfm_cells
