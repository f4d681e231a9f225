{% macro first_instant() -%}
    cast('1900-01-01 00:00:00' as timestamp)
{%- endmacro %}


{% macro last_instant() -%}
    cast('9999-12-31 00:00:00' as timestamp)
{%- endmacro %}
