with

rfm_cells as (

    select * from {{ ref('int_cst_rfm_cells') }}

),

challenger_rules as (
    {{ challenger_rules(
        ref('cst_segment_rules_challenger'), ref('cst_segment_rules'), [
            'rule_id', 'segment_code', 'r_from', 'r_to', 'f_from', 'f_to',
            'm_from', 'm_to', 'fm_from', 'fm_to', 'is_new',
        ]
    ) }}
),

-- every rule that a cell meets: tests prove that it is exactly one
challenger_cells as (

    select
        rfm_cells.r_score,
        rfm_cells.f_score,
        rfm_cells.m_score,
        rfm_cells.is_new,

        challenger_rules.rule_id,
        challenger_rules.segment_code

    from rfm_cells

    left join challenger_rules
        on {{ meets_segment_rule('rfm_cells', 'challenger_rules') }}

)

select * from challenger_cells
