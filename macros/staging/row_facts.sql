{% macro row_facts() -%}
    contract_problem, problem_column, problem_value, row_text, flags,
    has_null_text, has_nobody_id
{%- endmacro %}
