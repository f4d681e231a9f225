{% macro trim_white_space(text) %}
    {{ return(_without_matches(
        text, '^' ~ _white_space() ~ '+|' ~ _white_space() ~ '+$'
    )) }}
{% endmacro %}


{% macro read_text(column) %}
    {#-
        One pass over each value: null texts, white space, and the apostrophe
        with which programs keep a spreadsheet from computing a cell.
    -#}
    {{ return('nullif(' ~ _without_matches(
        'cast(' ~ column ~ ' as string)',
        _null_text_pattern() ~ '|^' ~ _white_space() ~ '*\\x{27}([-=+@])|^'
        ~ _white_space() ~ '+|' ~ _white_space() ~ '+$',
        keeps_group=true
    ) ~ ", '')") }}
{% endmacro %}


{% macro is_null_text(column) %}
    {{ return('coalesce(' ~ has_match(
        'cast(' ~ column ~ ' as string)', _null_text_pattern()
    ) ~ ', false)') }}
{% endmacro %}


{% macro _null_text_pattern() %}
    {%- set texts = [] -%}
    {%- for text in cst_var('cst_null_texts') -%}
        {%- do texts.append(_escaped(text)) -%}
    {%- endfor -%}
    {{ return(
        '^' ~ _white_space() ~ '*(?:' ~ texts | join('|') ~ ')'
        ~ _white_space() ~ '*$'
    ) }}
{% endmacro %}


{% macro _escaped(text) %}
    {{ return(modules.re.escape(text) | replace("'", '\\x{27}')) }}
{% endmacro %}


{% macro _white_space() %}
    {#-
        Also no-break and ideographic spaces, and what nobody sees: zero-width
        characters, soft hyphens, separators, marks of byte order and direction.
    -#}
    {{ return(
        '[\\x{9}-\\x{d}\\x{1c}-\\x{20}\\x{85}\\x{a0}\\x{ad}\\x{1680}\\x{180e}'
        ~ '\\x{2000}-\\x{200f}\\x{2028}-\\x{202f}\\x{205f}-\\x{2064}'
        ~ '\\x{2066}-\\x{2069}\\x{3000}\\x{feff}]'
    ) }}
{% endmacro %}


{% macro _without_matches(text, pattern, keeps_group=false) %}
    {{ return(adapter.dispatch('without_matches', 'cst')(
        text, pattern, keeps_group
    )) }}
{% endmacro %}


{# Its trim() with a list of characters takes fifteen times as long. #}
{% macro duckdb__without_matches(text, pattern, keeps_group) -%}
    regexp_replace(
        {{ text }}, '{{ pattern }}', '{{ '\\1' if keeps_group }}', 'g'
    )
{%- endmacro %}


{# A backslash in a literal is doubled. #}
{% macro spark__without_matches(text, pattern, keeps_group) -%}
    regexp_replace(
        {{ text }}, '{{ pattern | replace('\\', '\\\\') }}',
        '{{ '$1' if keeps_group }}'
    )
{%- endmacro %}


{% macro has_match(text, pattern) %}
    {{ return(adapter.dispatch('has_match', 'cst')(text, pattern)) }}
{% endmacro %}


{% macro duckdb__has_match(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}


{% macro spark__has_match(text, pattern) -%}
    {{ text }} rlike '{{ pattern | replace('\\', '\\\\') }}'
{%- endmacro %}
