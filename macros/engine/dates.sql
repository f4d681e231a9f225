{% macro add_days(date_column, days) %}
    {{ return(adapter.dispatch('add_days', 'cst')(date_column, days)) }}
{% endmacro %}

{% macro duckdb__add_days(date_column, days) -%}
    ({{ date_column }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_days(date_column, days) -%}
    date_add({{ date_column }}, cast({{ days }} as int))
{%- endmacro %}


{% macro days_between(start_date, end_date) %}
    {{ return(adapter.dispatch('days_between', 'cst')(start_date, end_date)) }}
{% endmacro %}

{% macro duckdb__days_between(start_date, end_date) -%}
    cast({{ end_date }} - {{ start_date }} as bigint)
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
    cast(datediff({{ end_date }}, {{ start_date }}) as bigint)
{%- endmacro %}


{% macro date_series(start_date, end_date) %}
    {{ return(adapter.dispatch('date_series', 'cst')(start_date, end_date)) }}
{% endmacro %}

{% macro duckdb__date_series(start_date, end_date) -%}
    cast(unnest(generate_series({{ start_date }}, {{ end_date }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__date_series(start_date, end_date) -%}
    explode(sequence({{ start_date }}, {{ end_date }}, interval 1 day))
{%- endmacro %}
