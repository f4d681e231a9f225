{% macro decile(count_below, total_count) -%}
    {#-
        1 + the whole tenths of all that lie below. Of whole numbers, so that
        equal values share a decile and no rounding splits them.
    -#}
    cast(
        floor(cast(({{ count_below }}) * 10 as double) / {{ total_count }}) + 1
        as integer
    )
{%- endmacro %}
