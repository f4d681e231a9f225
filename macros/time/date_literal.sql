{% macro date_literal(date) -%}
    cast({{ 'null' if date is none else "'" ~ date ~ "'" }} as date)
{%- endmacro %}
