{% macro business_date(timestamp_column) %}
    {{ return(adapter.dispatch('business_date', 'cst')(
        timestamp_column, cst_var('cst_timezone')
    )) }}
{% endmacro %}


{% macro duckdb__business_date(timestamp_column, timezone) -%}
    cast({{ _local_of_utc(timestamp_column, timezone) }} as date)
{%- endmacro %}


{# In half the time of `at time zone 'UTC' at time zone …`. #}
{% macro _local_of_utc(timestamp_column, timezone) -%}
    make_timestamptz(epoch_us({{ timestamp_column }}))
    at time zone '{{ timezone }}'
{%- endmacro %}


{% macro spark__business_date(timestamp_column, timezone) -%}
    cast(from_utc_timestamp({{ timestamp_column }}, '{{ timezone }}') as date)
{%- endmacro %}


{% macro day_start_at(date_column) %}
    {{ return(adapter.dispatch('day_start_at', 'cst')(
        date_column, cst_var('cst_timezone')
    )) }}
{% endmacro %}


{% macro duckdb__day_start_at(date_column, timezone) -%}
    cast({{ date_column }} as timestamp)
    at time zone '{{ timezone }}' at time zone 'UTC'
{%- endmacro %}


{% macro spark__day_start_at(date_column, timezone) -%}
    to_utc_timestamp(cast({{ date_column }} as timestamp), '{{ timezone }}')
{%- endmacro %}
