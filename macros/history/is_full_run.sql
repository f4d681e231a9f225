{% macro is_full_run() %}
    {%- set is_partial = cst_var('cst_open_snapshots_only')
        and not flags.FULL_REFRESH -%}
    {{ return('false' if is_partial else 'true') }}
{% endmacro %}
