{% macro row_facts() -%}
    contract_problem, problem_column, problem_value, source_row, flags,
    has_null_text, has_nobody_id, is_repeated
{%- endmacro %}
