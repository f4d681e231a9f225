{% macro trim_white_space(text) %}
    {{ return(adapter.dispatch('trim_white_space', 'cst')(text)) }}
{% endmacro %}


{% macro _white_space_pattern() %}
    {#-
        Also no-break and ideographic spaces, and the zero-width characters and
        byte order marks that nobody sees.
    -#}
    {%- set white_space = '[\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}'
        ~ '\\x{2000}-\\x{200d}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{2060}'
        ~ '\\x{3000}\\x{feff}]+' -%}
    {{ return('^' ~ white_space ~ '|' ~ white_space ~ '$') }}
{% endmacro %}


{# Its trim() with a list of characters takes fifteen times as long. #}
{% macro duckdb__trim_white_space(text) -%}
    regexp_replace({{ text }}, '{{ _white_space_pattern() }}', '', 'g')
{%- endmacro %}


{# A backslash in a literal is doubled. #}
{% macro spark__trim_white_space(text) -%}
    regexp_replace(
        {{ text }}, '{{ _white_space_pattern() | replace('\\', '\\\\') }}', ''
    )
{%- endmacro %}
