{% macro business_hour(timestamp_column) %}
    {{ return(adapter.dispatch('business_hour', 'cst')(
        timestamp_column, cst_var('cst_timezone')
    )) }}
{% endmacro %}


{% macro duckdb__business_hour(timestamp_column, timezone) -%}
    cast(
        extract(hour from {{ _local_of_utc(timestamp_column, timezone) }})
        as integer
    )
{%- endmacro %}


{% macro spark__business_hour(timestamp_column, timezone) -%}
    hour(from_utc_timestamp({{ timestamp_column }}, '{{ timezone }}'))
{%- endmacro %}
