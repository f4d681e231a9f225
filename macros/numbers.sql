{% macro numbers(first, last) -%}
    {#- A query of the whole numbers from first to last, column `number`. -#}
    {%- for number in range(first, last + 1) %}
        select {{ number }} as number
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
