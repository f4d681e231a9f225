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


{% macro stated_consent(consent) -%}
    {#- What cannot be read may be a withdrawal. -#}
    case
        when
            not {{ consent }}
            or flags like '%unreadable_{{ consent }}%'
            or flags like '%unreadable_is_deleted%'
            then 'refused'
        when {{ consent }} then 'granted'
    end
{%- endmacro %}
