{% macro snapshot_on_or_after(date_column, snapshot_bounds) %}
    case
        when {{ date_column }} <= {{ snapshot_bounds }}.last_snapshot_date
            then greatest(
                {{ snapshot_bounds }}.first_snapshot_date,
                least(
                    {{ period_end(date_column) }},
                    {{ snapshot_bounds }}.last_snapshot_date
                )
            )
    end
{%- endmacro %}


{% macro period_end(date_column) %}
    {%- set grain = cst_var('cst_snapshot_grain') -%}
    {%- if grain == 'month' -%}
        {{ return('last_day(' ~ date_column ~ ')') }}
    {%- elif grain == 'week' -%}
        {{ return(add_days(
            "cast(date_trunc('week', " ~ date_column ~ ") as date)", 6
        )) }}
    {%- endif -%}
    {{ return(date_column) }}
{% endmacro %}
