{% macro hashed_row_text() -%}
    {#- Of an unreadable line, the text is its place, without its content. -#}
    case
        when contract_problem = 'unreadable_line' then row_text
        else {{ dbt.hash('row_text') }}
    end
{%- endmacro %}
