{% macro has_consent(consent) -%}
    {{ consent }} in (
        'granted'
        {{- ", 'unknown'" if cst_var('cst_unknown_consent_is_granted') }}
    )
{%- endmacro %}
