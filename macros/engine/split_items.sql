{% macro split_items(text) %}
    {{ return(adapter.dispatch('split_items', 'cst')(text)) }}
{% endmacro %}


{% macro duckdb__split_items(text) -%}
    unnest(string_split({{ text }}, ','))
{%- endmacro %}


{% macro spark__split_items(text) -%}
    explode(split({{ text }}, ','))
{%- endmacro %}
