{% macro is_implausible_birth_date(birth_date, registered_date) -%}
    (
        {{ birth_date }} <= {{ date_literal('1900-01-01') }}
        or {{ birth_date }} > {{ registered_date }}
    )
{%- endmacro %}
