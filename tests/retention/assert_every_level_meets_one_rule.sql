{#-
    Every combination of levels and segments, whether it occurs or not, meets a
    rule, and no rule stands behind others that leave nothing for it. A row names
    the combination, or the rule.
-#}
{%- set levels = strategy_conditions() | reject('equalto', 'segment_code')
    | list -%}

with

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

codes as (

    select * from {{ ref('dim_cst_code') }}

),

{% for level in levels -%}
{{ level }}s as (

    select code as {{ level }}

    from codes

    where code_type = '{{ level }}'

),

{% endfor -%}
combinations as (

    select
        segments.segment_code,
        {{ levels | join(',\n        ') }}

    from segments

    {% for level in levels -%}
    cross join {{ level }}s

    {% endfor %}
),

first_rules as (

    select
        {{ strategy_conditions('combinations') | join(',\n        ') }},
        min(rules.rule_priority) as rule_priority

    from combinations

    left join rules
        on {{ meets_rule('combinations', 'rules') }}

    group by
        {{ strategy_conditions('combinations') | join(',\n        ') }}

),

problems as (

    select
        'no rule is met' as problem,
        cast(null as string) as rule_id,
        {{ strategy_conditions() | join(',\n        ') }}

    from first_rules

    where rule_priority is null

    union all

    select
        'rule is never the first' as problem,
        rules.rule_id,
        {{ strategy_conditions('rules') | join(',\n        ') }}

    from rules

    left join first_rules
        on rules.rule_priority = first_rules.rule_priority

    where first_rules.rule_priority is null

)

select * from problems
