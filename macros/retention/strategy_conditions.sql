{% macro strategy_conditions() %}
    {#- The levels that a rule of `cst_strategy_rules` can ask for. -#}
    {{ return([
        'value_tier', 'segment_code', 'lifecycle_stage', 'engagement_level',
        'satisfaction_level', 'service_state', 'ltv_tier',
    ]) }}
{% endmacro %}
