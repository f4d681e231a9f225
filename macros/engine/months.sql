{% macro add_months(month_date, months) %}
    {{ return(adapter.dispatch('add_months', 'cst')(month_date, months)) }}
{% endmacro %}

{% macro duckdb__add_months(month_date, months) -%}
    cast({{ month_date }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(month_date, months) -%}
    add_months({{ month_date }}, cast({{ months }} as int))
{%- endmacro %}


{% macro months_between(start_date, end_date) -%}
    cast(
        (extract(year from {{ end_date }}) - extract(year from {{ start_date }}))
        * 12
        + extract(month from {{ end_date }})
        - extract(month from {{ start_date }}) as integer
    )
{%- endmacro %}
