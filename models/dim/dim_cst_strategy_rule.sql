with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

rules_in_order as (

    select
        rule_id as strategy_rule_id,
        strategy_code,
        {%- for condition in strategy_conditions() %}
        {{ condition }},
        {%- endfor %}
        tag_code,
        reason_zh,
        reason_en,

        rule_priority

    from rules

)

select * from rules_in_order
