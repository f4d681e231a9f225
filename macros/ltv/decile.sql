{% macro decile(count_below, total_count) -%}
    {#-
        1 + the number of whole tenths of all rows that lie below. Computed from
        counts, so that equal values share a decile.
    -#}
    cast(
        floor(cast(({{ count_below }}) * 10 as double) / {{ total_count }}) + 1
        as integer
    )
{%- endmacro %}
