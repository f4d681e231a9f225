{% macro unpivoted(rows) %}
    {{ return(adapter.dispatch('unpivoted', 'cst')(rows)) }}
{% endmacro %}


{% macro duckdb__unpivoted(rows) -%}
    unnest([
        {%- for row in rows %}
        {
            {%- for name, value in row.items() %}
            '{{ name }}': {{ value }}{{ ',' if not loop.last }}
            {%- endfor %}
        }{{ ',' if not loop.last }}
        {%- endfor %}
    ], recursive := true)
{%- endmacro %}


{% macro spark__unpivoted(rows) -%}
    inline(array(
        {%- for row in rows %}
        named_struct(
            {%- for name, value in row.items() %}
            '{{ name }}', {{ value }}{{ ',' if not loop.last }}
            {%- endfor %}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ))
{%- endmacro %}
