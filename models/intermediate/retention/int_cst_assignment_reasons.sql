{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

assignment_reasons as (

    select
        rules.rule_id as strategy_rule_id,
        in_force.strategy_code,

        case
            when in_force.strategy_code = recommended.strategy_code
                then rules.reason_en
            else concat(
                in_force.strategy_name_en, ' stays in force: ',
                recommended.strategy_name_en, ' recommended since {since}, ',
                'not yet for {{ cooling_off_days }} days (',
                rules.reason_en, ')'
            )
        end as reason_en,
        case
            when in_force.strategy_code = recommended.strategy_code
                then rules.reason_zh
            else concat(
                '沿用', in_force.strategy_name_zh, '：自{since}起规则建议',
                recommended.strategy_name_zh,
                '，未满{{ cooling_off_days }}天；', rules.reason_zh
            )
        end as reason_zh

    from rules

    inner join strategies as recommended
        on rules.strategy_code = recommended.strategy_code

    cross join strategies as in_force

)

select * from assignment_reasons
