{% macro hashed_row_text(name) -%}
    {#- Of an unreadable line, the text is its place, without its content. -#}
    {%- set texts = [] -%}
    {%- for column in ods_contract()[_ods_table(name)] -%}
        {%- do texts.append(
            "'" ~ column ~ "=' || cast(source_row." ~ column ~ ' as string)'
        ) -%}
    {%- endfor -%}
    coalesce(
        source_row.unreadable_line,
        {{ dbt.hash("concat_ws('; ', " ~ texts | join(', ') ~ ')') }}
    )
{%- endmacro %}
