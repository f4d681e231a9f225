{% macro not_materialized() %}
    {{ return(adapter.dispatch('not_materialized', 'cst')()) }}
{% endmacro %}


{# DuckDB would keep all columns of a CTE that is read twice. #}
{% macro duckdb__not_materialized() -%}
    not materialized
{%- endmacro %}


{% macro spark__not_materialized() -%}
{%- endmacro %}
