{% macro is_nobody_id(id) %}
    {#- A device without an id often sends zeros of full length. -#}
    {%- set ids = ['[-.(){}0]+'] -%}
    {%- for nobody in cst_var('cst_nobody_ids') -%}
        {%- do ids.append(_escaped(nobody | lower)) -%}
    {%- endfor -%}
    {{ return(
        'coalesce(' ~ has_match(
            'lower(' ~ id ~ ')', '^(?:' ~ ids | join('|') ~ ')$'
        ) ~ ', false)'
    ) }}
{% endmacro %}
