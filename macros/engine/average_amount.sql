{% macro average_amount(amount, count) %}
    {{ return(adapter.dispatch('average_amount', 'cst')(amount, count)) }}
{% endmacro %}


{# DuckDB divides decimals as doubles, so this divides whole cents. #}
{% macro duckdb__average_amount(amount, count) -%}
    cast(
        sign({{ amount }}) * (
            (
                cast(cast(abs({{ amount }}) as decimal(38, 2)) * 200 as hugeint)
                + ({{ count }})
            ) // nullif(2 * ({{ count }}), 0)
        ) * 0.01 as decimal(24, 2)
    )
{%- endmacro %}


{# Spark rounds a quotient to few digits first, so this divides whole cents. #}
{% macro spark__average_amount(amount, count) -%}
    cast(
        case when {{ amount }} < 0 then -1 else 1 end * (
            (cast(abs({{ amount }}) as decimal(38, 2)) * 200 + ({{ count }}))
            div nullif(2 * ({{ count }}), 0)
        ) * 0.01 as decimal(24, 2)
    )
{%- endmacro %}
