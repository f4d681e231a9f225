with

codes as (

    {% for code_type, codes in code_labels().items() -%}
    {% set is_last_type = loop.last -%}
    {% for code, names in codes.items() -%}
    select
        '{{ code_type }}' as code_type,
        '{{ code }}' as code,
        '{{ names[0] }}' as code_name_zh,
        '{{ names[1] }}' as code_name_en,
        {{ loop.index }} as code_order

    {{ 'union all' if not (is_last_type and loop.last) }}

    {% endfor -%}
    {% endfor -%}

)

select * from codes
