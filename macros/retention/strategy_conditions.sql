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
