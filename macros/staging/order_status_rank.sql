{% macro order_status_rank(column) -%}
    {%- set statuses = cst_var('cst_valid_order_statuses') -%}
    case
        when {{ is_one_of(column, cst_var('cst_final_order_statuses')) }}
            then {{ statuses | length + 1 }}
        {%- for status in statuses %}
        when {{ is_one_of(column, [status]) }} then {{ loop.index }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
