{% macro all_but(relation, columns) %}
    {{ return(adapter.dispatch('all_but', 'cst')(relation, columns)) }}
{% endmacro %}


{% macro default__all_but(relation, columns) -%}
    {{ relation }}.* except ({{ columns | join(', ') }})
{%- endmacro %}


{% macro duckdb__all_but(relation, columns) -%}
    {{ relation }}.* exclude ({{ columns | join(', ') }})
{%- endmacro %}
