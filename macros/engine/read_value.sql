{% macro read_value(column, data_type, source_type='string') %}
    {{ return(value_of_text(
        read_text(column) if _is_text_type(source_type) else column,
        data_type, source_type
    )) }}
{% endmacro %}


{% macro value_of_text(column, data_type, source_type='string') %}
    {%- set is_text = _is_text_type(source_type) -%}
    {%- set text = column if is_text else 'cast(' ~ column ~ ' as string)' -%}
    {%- if data_type == 'string' -%}
        {{ return(text) }}
    {%- elif data_type == 'timestamp' -%}
        {{ return(
            _read_timestamp(text) if is_text
            else _utc_timestamp(column, source_type)
        ) }}
    {%- elif data_type == 'date' and is_text -%}
        {{ return('try_cast(' ~ _iso_text(text) ~ ' as date)') }}
    {%- elif data_type == 'integer' -%}
        {{ return(_read_whole_number(
            _plain_number(text) if is_text else column
        )) }}
    {%- elif data_type.startswith('decimal') and is_text -%}
        {{ return(
            'try_cast(' ~ _plain_number(text) ~ ' as ' ~ data_type ~ ')'
        ) }}
    {%- elif data_type == 'boolean' -%}
        {{ return(_read_boolean(text)) }}
    {%- endif -%}
    {#- A double as text is the number that was meant, to the cent. -#}
    {%- set is_double = source_type in ['double', 'float', 'real'] -%}
    {{ return(
        'try_cast(' ~ (text if is_text or is_double else column)
        ~ ' as ' ~ data_type ~ ')'
    ) }}
{% endmacro %}


{% macro _is_text_type(source_type) %}
    {{ return(source_type.split('(')[0] | trim in [
        'string', 'varchar', 'text', 'char', 'uuid', 'enum'
    ]) }}
{% endmacro %}


{% macro _iso_text(text) %}
    {#-
        Each engine reads more than this, and not the same: Spark takes 'now'
        and '10:00' from the wall clock, and both take the CST of a Chinese
        system for Chicago's.
    -#}
    {%- set plain = namespace(text=text) -%}
    {%- for written, meant in [
        ('/', '-'), (' UTC', 'Z'), (' Z', 'Z'), (' +', '+'), (' -', '-')
    ] -%}
        {%- set plain.text = 'replace(' ~ plain.text ~ ", '" ~ written ~ "', '"
            ~ meant ~ "')" -%}
    {%- endfor -%}
    {%- set date = '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}' -%}
    {%- set time = '([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset = '(Z|[-+](0[0-9]|1[0-4])(:?[0-5][0-9])?)' -%}
    {{ return(
        'regexp_extract(' ~ plain.text ~ ", '^" ~ date ~ '([T ]' ~ time
        ~ offset ~ "?)?$', 0)"
    ) }}
{% endmacro %}


{% macro _plain_number(text) %}
    {#- DuckDB takes 1_000 for a number, both engines 1e3. -#}
    {{ return(
        'regexp_extract(' ~ text
        ~ ", '^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)$', 0)"
    ) }}
{% endmacro %}


{% macro _read_whole_number(column) -%}
    {#- Not 4.5: one engine would truncate it, the other round it. -#}
    {%- set number = 'try_cast(' ~ column ~ ' as decimal(18, 6))' -%}
    case when {{ number }} % 1 = 0 then try_cast({{ number }} as integer) end
{%- endmacro %}


{% macro _read_boolean(text) -%}
    {#- Not 2, which both engines cast to true: in a list of codes it is not. -#}
    case
        when lower({{ text }}) in ('true', 't', 'yes', 'y', '1', '是') then true
        when lower({{ text }}) in ('false', 'f', 'no', 'n', '0', '否')
            then false
    end
{%- endmacro %}
