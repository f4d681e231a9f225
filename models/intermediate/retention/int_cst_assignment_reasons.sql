{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

reasons_of_rules as (

    select
        rules.rule_id as strategy_rule_id,
        in_force.strategy_code as default_strategy_code,
        in_force.strategy_name_en as default_name_en,
        in_force.strategy_name_zh as default_name_zh,

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

),

assignment_reasons as (

    select
        reasons_of_rules.strategy_rule_id,
        reasons_of_rules.default_strategy_code,
        strategies.strategy_code,

        case
            when
                strategies.strategy_code
                = reasons_of_rules.default_strategy_code
                then reasons_of_rules.reason_en
            else concat(
                reasons_of_rules.reason_en, '; ', strategies.strategy_name_en,
                ' chosen instead of ', reasons_of_rules.default_name_en
            )
        end as reason_en,
        case
            when
                strategies.strategy_code
                = reasons_of_rules.default_strategy_code
                then reasons_of_rules.reason_zh
            else concat(
                reasons_of_rules.reason_zh, '；选用备选策略',
                strategies.strategy_name_zh, '，代替',
                reasons_of_rules.default_name_zh
            )
        end as reason_zh

    from reasons_of_rules

    cross join strategies

)

select * from assignment_reasons
