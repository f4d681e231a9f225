{% macro fold_down(first, start, step) %}
    {{ return(adapter.dispatch('fold_down', 'cst')(first, start, step)) }}
{% endmacro %}

{% macro duckdb__fold_down(first, start, step) -%}
    list_reduce(
        cast(range(cast({{ first }} as bigint), 0, -1) as double []),
        lambda total, n: {{ step }},
        cast({{ start }} as double)
    )
{%- endmacro %}

{% macro spark__fold_down(first, start, step) -%}
    aggregate(
        sequence(cast({{ first }} as int), 1, -1),
        cast({{ start }} as double),
        (total, n) -> {{ step }}
    )
{%- endmacro %}
