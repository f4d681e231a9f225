{% macro packed(values) %}
    {{ return(adapter.dispatch('packed', 'cst')(values)) }}
{% endmacro %}


{% macro duckdb__packed(values) -%}
    struct_pack(
        {%- for name, value in values.items() -%}
            {{ name }} := {{ value }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}


{% macro spark__packed(values) -%}
    named_struct(
        {%- for name, value in values.items() -%}
            '{{ name }}', {{ value }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
