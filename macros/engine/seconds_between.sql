{% macro seconds_between(start_at, end_at) %}
    {{ return(adapter.dispatch('seconds_between', 'cst')(start_at, end_at)) }}
{% endmacro %}


{% macro duckdb__seconds_between(start_at, end_at) -%}
    date_diff('second', {{ start_at }}, {{ end_at }})
{%- endmacro %}


{% macro spark__seconds_between(start_at, end_at) -%}
    (unix_timestamp({{ end_at }}) - unix_timestamp({{ start_at }}))
{%- endmacro %}
