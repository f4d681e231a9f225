{% macro percent_text(share) -%}
    concat(cast(cast(100 * ({{ share }}) as decimal(12, 1)) as string), ' %')
{%- endmacro %}


{% macro change_share(found, published) -%}
    {#- 0.5 is half as many as well as twice as many. -#}
    1 - cast(least({{ found }}, {{ published }}) as double)
    / nullif(greatest({{ found }}, {{ published }}), 0)
{%- endmacro %}


{% macro change_text(found, published) -%}
    concat(
        {{ percent_text('abs(1 - cast(' ~ found ~ ' as double) / '
            ~ published ~ ')') }},
        case when {{ found }} < {{ published }} then ' fewer' else ' more' end,
        ' than the ', cast({{ published }} as string),
        ' of the last published run'
    )
{%- endmacro %}
