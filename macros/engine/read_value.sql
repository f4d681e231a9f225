{% macro read_value(column, data_type) %}
    {#-
        A column of any readable type as the contract's type; null where the
        value cannot be read. Timestamps become UTC without an offset.
    -#}
    {%- if data_type == 'string' -%}
        {{ return("nullif(trim(cast(" ~ column ~ " as string)), '')") }}
    {%- elif data_type == 'timestamp' -%}
        {{ return(adapter.dispatch('read_timestamp', 'cst')(column)) }}
    {%- endif -%}
    {{ return('try_cast(' ~ column ~ ' as ' ~ data_type ~ ')') }}
{% endmacro %}


{# DuckDB drops the offset when it casts text to timestamp, so not directly. #}
{% macro duckdb__read_timestamp(column) -%}
    try_cast({{ column }} as timestamptz) at time zone 'UTC'
{%- endmacro %}


{# Spark's timestamp is an instant; the session's zone is UTC. #}
{% macro spark__read_timestamp(column) -%}
    try_cast({{ column }} as timestamp)
{%- endmacro %}
