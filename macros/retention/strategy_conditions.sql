{% macro strategy_conditions(relation=none) %}
    {#- The levels that a rule of `cst_strategy_rules` can ask for. -#}
    {{ return(_named_in(relation, [
        'value_tier', 'segment_code', 'lifecycle_stage', 'engagement_level',
        'satisfaction_level', 'service_state', 'ltv_tier',
    ])) }}
{% endmacro %}


{% macro strategy_levels(relation=none) %}
    {#- All that decides on a strategy: these levels, and the tags. -#}
    {{ return(
        strategy_conditions(relation) + _named_in(relation, ['tag_codes'])
    ) }}
{% endmacro %}


{% macro _named_in(relation, columns) %}
    {%- set names = [] -%}
    {%- for column in columns -%}
        {%- do names.append(
            relation ~ '.' ~ column if relation else column
        ) -%}
    {%- endfor -%}
    {{ return(names) }}
{% endmacro %}


{% macro meets_rule(levels, rules) -%}
    {#- An empty condition is met by all; of tags, the rule's is one of many. -#}
    {%- for level in strategy_conditions() %}
    coalesce({{ rules }}.{{ level }}, {{ levels }}.{{ level }})
    = {{ levels }}.{{ level }}
    and
    {%- endfor %}
    (
        {{ rules }}.tag_code is null
        or instr(
            ',' || {{ levels }}.tag_codes || ',',
            ',' || {{ rules }}.tag_code || ','
        ) > 0
    )
{%- endmacro %}


{% macro has_levels(one, other) -%}
    {%- for level in strategy_levels() %}
    {{ one }}.{{ level }} = {{ other }}.{{ level }}
    {{- ' and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro rules_met(levels, rules) %}
    {#- Each rule that each combination of levels meets; rank 1 decides. -#}
    select
        {{ strategy_levels(levels) | join(',\n        ') }},
        {{ rules }}.rule_id,
        {{ rules }}.strategy_code,
        {{ rules }}.reason_zh,
        {{ rules }}.reason_en,
        row_number() over (
            partition by {{ strategy_levels(levels) | join(', ') }}
            order by {{ rules }}.rule_priority
        ) as rule_rank

    from {{ levels }}

    inner join {{ rules }}
        on {{ meets_rule(levels, rules) }}
{% endmacro %}


{% macro challenger_rules(challenger, champion, columns) %}
    {#- The rules that are tried; where there are none, those that rule. -#}
    select
        {{ columns | join(',\n        ') }}

    from {{ challenger }}

    union all

    select
        {{ columns | join(',\n        ') }}

    from {{ champion }}

    where not exists (select 1 from {{ challenger }})
{% endmacro %}


{% macro reason_with_points(reason, value_score) -%}
    replace(
        {{ reason }}, '{points}',
        coalesce(cast({{ value_score }} as string), '')
    )
{%- endmacro %}
