{% macro expect_equal(what, actual, expected) %}
    {%- if actual != expected -%}
        {{ exceptions.raise_compiler_error(
            "Macro test failed: " ~ what ~ " is " ~ actual ~ ", expected "
            ~ expected ~ "."
        ) }}
    {%- endif -%}
{% endmacro %}


{% macro expect_values(expressions) %}
    {#- One query for all, as each costs a round trip. -#}
    {%- set columns = [] -%}
    {%- for expression in expressions -%}
        {%- do columns.append(
            'cast(' ~ expression ~ ' as string) as value_' ~ loop.index
        ) -%}
    {%- endfor -%}
    {%- set row = run_query('select ' ~ columns | join(', ')).rows[0] -%}
    {%- for expression, expected in expressions.items() -%}
        {%- do expect_equal(expression, row[loop.index0], expected) -%}
    {%- endfor -%}
{% endmacro %}


{% macro expect_rows(what, query, expected) %}
    {%- set rows = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- set values = [] -%}
        {%- for value in row -%}
            {%- do values.append(none if value is none else value | string) -%}
        {%- endfor -%}
        {%- do rows.append(values) -%}
    {%- endfor -%}
    {%- do expect_equal(what, rows, expected) -%}
{% endmacro %}
