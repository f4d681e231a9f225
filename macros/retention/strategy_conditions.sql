{% macro strategy_conditions(relation=none) %}
    {#- The levels that a rule of `cst_strategy_rules` can ask for. -#}
    {%- set columns = [] -%}
    {%- for level in [
        'value_tier', 'segment_code', 'lifecycle_stage', 'engagement_level',
        'satisfaction_level', 'service_state', 'ltv_tier',
    ] -%}
        {%- do columns.append(relation ~ '.' ~ level if relation else level) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{% macro meets_rule(levels, rules) -%}
    {#- An empty condition is met by all. -#}
    {%- for level in strategy_conditions() %}
    coalesce({{ rules }}.{{ level }}, {{ levels }}.{{ level }})
    = {{ levels }}.{{ level }}
    {{- ' and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro has_levels(one, other) -%}
    {%- for level in strategy_conditions() %}
    {{ one }}.{{ level }} = {{ other }}.{{ level }}
    {{- ' and' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
