{% macro gives_tag(measures, tags) -%}
    {{ measures }}.measure_code = {{ tags }}.measure_code
    and coalesce({{ tags }}.is_active, true)
    and {{ measures }}.measure_value
    >= coalesce({{ tags }}.minimum, {{ measures }}.measure_value)
    and (
        {{ tags }}.maximum is null
        or {{ measures }}.measure_value < {{ tags }}.maximum
    )
    and (
        {{ tags }}.minimum_count is null
        or {{ measures }}.observation_count >= {{ tags }}.minimum_count
    )
    and (
        {{ tags }}.only_value is null
        or {{ measures }}.text_value = {{ tags }}.only_value
    )
{%- endmacro %}
