{% macro _read_timestamp(text) -%}
    {#- A look for the colon is cheaper than one at the text that was read. -#}
    {%- set iso_text = _iso_text(text) -%}
    case
        when {{ text }} not like '%:%'
            then {{ day_start_at('try_cast(' ~ iso_text ~ ' as date)') }}
        {%- if cst_var('cst_source_timezone') != 'UTC' %}
        when {{ has_match(iso_text, '[T ][0-9:.]+$') }}
            then {{ _source_local_to_utc(
                'try_cast(' ~ iso_text ~ ' as timestamp)'
            ) }}
        {%- endif %}
        else {{ adapter.dispatch('read_instant', 'cst')(iso_text) }}
    end
{%- endmacro %}


{# DuckDB drops the offset when it casts text to timestamp, so not directly. #}
{% macro duckdb__read_instant(iso_text) -%}
    try_cast({{ iso_text }} as timestamptz) at time zone 'UTC'
{%- endmacro %}


{# Spark knows no offset after a time without seconds. #}
{% macro spark__read_instant(iso_text) -%}
    try_cast(regexp_replace(
        {{ iso_text }}, '([T ][0-9]{1,2}:[0-9]{2})([-+Z])', '$1:00$2'
    ) as timestamp)
{%- endmacro %}


{% macro _utc_timestamp(column, source_type) %}
    {%- if source_type == 'date' -%}
        {{ return(day_start_at(_in_four_digit_years(column, 'date'))) }}
    {%- endif -%}
    {#- Spark's timestamp is an instant; its timestamp_ntz is a local time. -#}
    {%- set is_instant = 'with time zone' in source_type
        or source_type.startswith('timestamptz')
        or (target.type != 'duckdb' and source_type == 'timestamp') -%}
    {%- set instant = adapter.dispatch('utc_of_instant', 'cst')(column)
        if is_instant
        else _source_local_to_utc('try_cast(' ~ column ~ ' as timestamp)') -%}
    {{ return(_in_four_digit_years(instant, 'timestamp')) }}
{% endmacro %}


{% macro duckdb__utc_of_instant(column) -%}
    {{ column }} at time zone 'UTC'
{%- endmacro %}


{# Spark's timestamp is an instant, and the session's zone is UTC. #}
{% macro spark__utc_of_instant(column) -%}
    {{ column }}
{%- endmacro %}


{% macro _in_four_digit_years(column, data_type) -%}
    {#- Typed columns hold instants that no calendar of the engine does. -#}
    case
        when {{ column }} < cast('0001-01-02' as {{ data_type }})
            then cast('0001-01-02' as {{ data_type }})
        when {{ column }} > cast('9999-12-30' as {{ data_type }})
            then cast('9999-12-30' as {{ data_type }})
        else {{ column }}
    end
{%- endmacro %}


{% macro _source_local_to_utc(local_at) %}
    {%- set timezone = cst_var('cst_source_timezone') -%}
    {{ return(
        local_at if timezone == 'UTC' else local_to_utc(local_at, timezone)
    ) }}
{% endmacro %}


{% macro local_to_utc(local_at, timezone) %}
    {{ return(adapter.dispatch('local_to_utc', 'cst')(local_at, timezone)) }}
{% endmacro %}


{#
    Of the hour that comes twice when summer ends, DuckDB takes the second:
    refused here where the offset of the day before gives the same local time.
#}
{% macro duckdb__local_to_utc(local_at, timezone) -%}
    {%- set first_at = '((' ~ local_at ~ ' - interval 1 day) at time zone '
        ~ "'" ~ timezone ~ "' + interval 24 hour)" -%}
    case
        when {{ first_at }} at time zone '{{ timezone }}' = {{ local_at }}
            then {{ first_at }}
        else {{ local_at }} at time zone '{{ timezone }}'
    end at time zone 'UTC'
{%- endmacro %}


{% macro spark__local_to_utc(local_at, timezone) -%}
    to_utc_timestamp({{ local_at }}, '{{ timezone }}')
{%- endmacro %}
