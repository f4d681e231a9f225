{%- set bins = cst_var('rfm_bins') -%}

with

segment_rules as (

    select * from {{ ref('cst_segment_rules') }}

),

scores as (
    {{ numbers(1, bins) }}
),

triples as (

    select
        r_scores.number as r_score,
        f_scores.number as f_score,
        m_scores.number as m_score,
        -- the mean of both, half a point rounded up
        cast(floor((f_scores.number + m_scores.number + 1) / 2) as integer)
            as fm_score

    from scores as r_scores

    cross join scores as f_scores

    cross join scores as m_scores

),

-- every rule that a triple meets: tests prove that it is exactly one
triples_by_rule as (

    select
        triples.r_score,
        triples.f_score,
        triples.m_score,
        segment_rules.rule_id,
        segment_rules.segment_code

    from triples

    left join segment_rules
        on
            triples.r_score between segment_rules.r_from and segment_rules.r_to
            and triples.f_score
            between segment_rules.f_from and segment_rules.f_to
            and triples.m_score
            between segment_rules.m_from and segment_rules.m_to
            and triples.fm_score
            between segment_rules.fm_from and segment_rules.fm_to

)

select * from triples_by_rule
