{% macro short_hash(text) %}
    {{ return(adapter.dispatch('short_hash', 'cst')(text)) }}
{% endmacro %}


{% macro duckdb__short_hash(text) -%}
    hash({{ text }})
{%- endmacro %}


{% macro spark__short_hash(text) -%}
    xxhash64({{ text }})
{%- endmacro %}
