{% macro test_all() %}
    {%- do test_vars() -%}
    {%- do test_sources() -%}
    {%- do test_staging() -%}
    {%- do test_usual_days() -%}
    {%- do test_engine() -%}
    {%- do test_dates() -%}
    {%- do test_time() -%}
    {%- do test_customer() -%}
    {%- do test_rfm() -%}
    {%- do test_behavior() -%}
    {%- do test_retention() -%}
    {%- do test_holdouts() -%}
    {%- do test_effect() -%}
    {%- do test_effect_periods() -%}
    {%- do test_statistics() -%}
    {%- do test_ltv() -%}
    {%- do test_next_purchase() -%}
    {%- do test_quality() -%}
    {%- do test_money() -%}
    {%- do test_labels() -%}
    {%- do test_comments() -%}
    {%- do test_restatement() -%}
    {{ log('All macro tests passed.', info=true) }}
{% endmacro %}
