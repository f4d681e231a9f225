{% macro consents() %}
    {{ return(['contact_consent'] + channel_consents()) }}
{% endmacro %}


{% macro channel_consents() %}
    {%- set columns = [] -%}
    {%- for channel in contact_channels() -%}
        {%- do columns.append('consent_' ~ channel) -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}
