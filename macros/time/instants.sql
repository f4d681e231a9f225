{% macro first_instant() -%}
    cast('1900-01-01 00:00:00' as timestamp)
{%- endmacro %}


{% macro last_instant() -%}
    cast('9999-12-31 00:00:00' as timestamp)
{%- endmacro %}


{% macro is_plausible_instant(instant) -%}
    {{ instant }}
    >= {{ day_start_at(date_literal(cst_var('cst_earliest_date'))) }}
    and {{ instant }} <= {{ last_plausible_instant() }}
{%- endmacro %}


{% macro last_plausible_instant() -%}
    {#- Timestamps of nanoseconds end in 2262. -#}
    cast('2262-01-01 00:00:00' as timestamp)
{%- endmacro %}
