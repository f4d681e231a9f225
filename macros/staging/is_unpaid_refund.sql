{% macro is_unpaid_refund(status) -%}
    {#- Null is false: a refund without a status was paid. -#}
    coalesce({{ is_one_of(
        'lower(' ~ status ~ ')',
        cst_var('cst_running_refund_statuses')
        + cst_var('cst_void_refund_statuses')
    ) }}, false)
{%- endmacro %}
