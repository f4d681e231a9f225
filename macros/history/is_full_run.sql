{% macro is_full_run() %}
    {%- set is_asked = env_var('CST_OPEN_SNAPSHOTS_ONLY', 'false') == 'true' -%}
    {{ return('false' if is_asked and not flags.FULL_REFRESH else 'true') }}
{% endmacro %}
