{% macro ltv_tail_months() %}
    {#-
        The number of oldest observed months that the cohort method draws its
        tail from. With fewer, the forecast is withheld.
    -#}
    {{ return(3) }}
{% endmacro %}


{% macro ltv_forecast_months() %}
    {#-
        The horizon touches at most this many calendar months. It is validated
        after a quarter of it, on the next snapshot, which with a short horizon
        may lie behind its end.
    -#}
    {%- set horizon_days = cst_var('ltv_horizon_days') -%}
    {%- set validation_days = (horizon_days + 3) // 4 + 31 -%}
    {{ return([horizon_days, validation_days] | max // 28 + 2) }}
{% endmacro %}


{% macro ltv_discount_factor(days_ahead) -%}
    {#- Worth on the snapshot date of 1.00 received some days after it. -#}
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
        The horizon is cut into this many equal parts, and what is expected in a
        part is discounted from its middle. Purchases come thicker at the start
        of a part, so a discount from the middle is too deep: four parts of a
        year each would lose 0.8 %, parts of a quarter lose a tenth of that.
    -#}
    {{ return([
        4, (cst_var('ltv_horizon_days') / 92) | round(0, 'ceil') | int
    ] | max) }}
{% endmacro %}


{% macro ltv_discounted_days(first_day, last_day) -%}
    {#-
        Worth on the snapshot date of 1.00 a day, received steadily between two
        numbers of days after it: the integral of the discount factor.
    -#}
    {%- set rate = cst_var('ltv_annual_discount_rate') -%}
    {%- if rate == 0 -%}
    cast({{ last_day }} - ({{ first_day }}) as double)
    {%- else -%}
    (
        365 / ln(cast({{ 1 + rate }} as double)) * (
            {{ ltv_discount_factor('(' ~ first_day ~ ')') }}
            - {{ ltv_discount_factor('(' ~ last_day ~ ')') }}
        )
    )
    {%- endif -%}
{%- endmacro %}
