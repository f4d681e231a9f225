{% macro business_hour(timestamp_column) %}
    {{ return(adapter.dispatch('business_hour', 'cst')(
        timestamp_column, cst_var('cst_timezone')
    )) }}
{% endmacro %}


{% macro duckdb__business_hour(timestamp_column, timezone) -%}
    cast(
        extract(
            hour from
            {{ timestamp_column }} at time zone 'UTC'
            at time zone '{{ timezone }}'
        ) as integer
    )
{%- endmacro %}


{% macro spark__business_hour(timestamp_column, timezone) -%}
    hour(from_utc_timestamp({{ timestamp_column }}, '{{ timezone }}'))
{%- endmacro %}
