{% macro source_ctes(name, started_at=none) -%}
repeated_keys as (
    {{ repeated_keys(name) }}
),
{% if started_at %}
usual_days as (
    {{ usual_days(cst_source(name), business_date(started_at)) }}
),
{% endif %}
source as {{ not_materialized() }} (
    select * from {{ cst_source(name, repeated_keys='repeated_keys') }}
),
{%- endmacro %}
