{% macro is_nobody_id(id) %}
    {#- A device without an id often sends zeros of full length. -#}
    {%- set ids = [] -%}
    {%- for nobody in cst_var('cst_nobody_ids') -%}
        {%- do ids.append(_sql_text(nobody | lower)) -%}
    {%- endfor -%}
    {{ return(
        'coalesce(lower(' ~ id ~ ') in (' ~ ids | join(', ') ~ ') or '
        ~ has_match(id, '^[-.(){}0]+$') ~ ', false)'
    ) }}
{% endmacro %}
