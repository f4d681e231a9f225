{% macro attributes_hash(columns) -%}
    md5(concat(
        {%- for column in columns %}
        {%- set text = 'cast(' ~ column ~ ' as string)' %}
        coalesce(cast(length({{ text }}) as string) || ':' || {{ text }}, '-')
        {{- ',' if not loop.last }}
        {%- endfor %}
    ))
{%- endmacro %}
