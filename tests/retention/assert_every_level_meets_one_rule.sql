{#-
    Every combination of levels and segments, whether it occurs or not, meets a
    rule, and no rule stands behind others that leave nothing for it. A row names
    the combination, or the rule. So it is of rules that are tried, where there
    are any.

    Of tags, no rule asks for one to be missing, so whoever has more of them meets
    more rules. It is enough to look at who has none, as what these people meet
    all do, and at who has one: a rule that is the first for somebody with several
    is the first for who has its own tag alone.
-#}
{%- set levels = strategy_conditions() | reject('equalto', 'segment_code')
    | list -%}

with

champion_rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

challenger_rules as (

    select * from {{ ref('cst_strategy_rules_challenger') }}

),

rules as (

    {% for rule_set in ['champion', 'challenger'] -%}
    select
        '{{ rule_set }}' as rule_set,
        rule_id,
        rule_priority,
        tag_code,
        {{ strategy_conditions() | join(',\n        ') }}

    from {{ rule_set }}_rules

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

rule_sets as (

    select distinct rule_set from rules

),

segments as (

    select * from {{ ref('cst_segments') }}

),

codes as (

    select * from {{ ref('dim_cst_code') }}

),

tags as (

    select 'none' as tag_codes

    union distinct

    select tag_code as tag_codes

    from rules

    where tag_code is not null

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
        rule_sets.rule_set,
        segments.segment_code,
        tags.tag_codes,
        {{ levels | join(',\n        ') }}

    from segments

    cross join tags

    cross join rule_sets

    {% for level in levels -%}
    cross join {{ level }}s

    {% endfor %}
),

first_rules as (

    select
        combinations.rule_set,
        {{ strategy_levels('combinations') | join(',\n        ') }},
        min(rules.rule_priority) as rule_priority

    from combinations

    left join rules
        on
            combinations.rule_set = rules.rule_set
            and {{ meets_rule('combinations', 'rules') }}

    group by
        combinations.rule_set,
        {{ strategy_levels('combinations') | join(',\n        ') }}

),

problems as (

    select
        'no rule is met' as problem,
        rule_set,
        cast(null as string) as rule_id,
        {{ strategy_levels() | join(',\n        ') }}

    from first_rules

    where rule_priority is null

    union all

    select
        'rule is never the first' as problem,
        rules.rule_set,
        rules.rule_id,
        {{ strategy_conditions('rules') | join(',\n        ') }},
        rules.tag_code as tag_codes

    from rules

    left join first_rules
        on
            rules.rule_set = first_rules.rule_set
            and rules.rule_priority = first_rules.rule_priority

    where first_rules.rule_priority is null

)

select * from problems
