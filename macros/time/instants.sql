{% macro first_instant() -%}
    {#- Before all data: where the first version of anything begins. -#}
    cast('1900-01-01 00:00:00' as timestamp)
{%- endmacro %}


{% macro last_instant() -%}
    {#- After all data: where the current version of anything ends. -#}
    cast('9999-12-31 00:00:00' as timestamp)
{%- endmacro %}
