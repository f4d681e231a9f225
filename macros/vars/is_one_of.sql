{% macro is_one_of(column, statuses) -%}
    {#- Whether a status, lower case as staging has it, is in a var's list. -#}
    {{ column }} in (
        {%- for status in statuses %}
        '{{ status | lower | replace("'", "''") }}'
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
