{% macro date_literal(date) -%}
    {#- A date from a var as SQL; none as null. -#}
    cast({{ 'null' if date is none else "'" ~ date ~ "'" }} as date)
{%- endmacro %}
