{% macro joined_in_order(text, rank, separator) %}
    {{ return(adapter.dispatch('joined_in_order', 'cst')(
        text, rank, separator
    )) }}
{% endmacro %}


{% macro duckdb__joined_in_order(text, rank, separator) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ rank }})
{%- endmacro %}


{# No text at all is null, as on DuckDB, and not an empty text. #}
{% macro spark__joined_in_order(text, rank, separator) -%}
    nullif(array_join(transform(
        array_sort(collect_list(
            case
                when {{ text }} is not null
                    then named_struct('rank', {{ rank }}, 'item', {{ text }})
            end
        )),
        entry -> entry.item
    ), '{{ separator }}'), '')
{%- endmacro %}
