{% macro ltv_tail_months() %}
    {#-
        How many of the oldest observed months the cohort method draws its tail
        from; with fewer it makes no forecast.
    -#}
    {{ return(3) }}
{% endmacro %}


{% macro ltv_forecast_months() %}
    {#- At most so many calendar months are touched by the horizon. -#}
    {{ return(cst_var('ltv_horizon_days') // 28 + 2) }}
{% endmacro %}


{% macro ltv_discount_factor(days_ahead) -%}
    {#- Today's worth of 1.00 received so many days after the snapshot date. -#}
    power(
        cast({{ 1 + cst_var('ltv_annual_discount_rate') }} as double),
        -({{ days_ahead }}) / cast(365 as double)
    )
{%- endmacro %}


{% macro ltv_geometric_sum(ratio, count) -%}
    {#- ratio + ratio² + … with `count` (an expression, from 1) terms. -#}
    {%- if ratio == 1 -%}
    cast({{ count }} as double)
    {%- else -%}
    cast({{ ratio / (1 - ratio) }} as double)
    * (1 - power(cast({{ ratio }} as double), {{ count }}))
    {%- endif -%}
{%- endmacro %}


{% macro ltv_discount_parts() %}
    {#-
        The horizon is cut into as many equal parts, and what is expected in a
        part is discounted from its middle.
    -#}
    {{ return(4) }}
{% endmacro %}
