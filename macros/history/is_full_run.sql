{% macro is_full_run() %}
    {{ return('true' if flags.FULL_REFRESH else 'false') }}
{% endmacro %}
