{% macro is_one_of(column, statuses) -%}
    {{ column }} in (
        {%- for status in statuses %}
        '{{ status | lower | replace("'", "''") }}'
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
