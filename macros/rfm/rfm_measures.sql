{% macro rfm_measures() %}
    {#- A query of the three measures and the method that scores each. -#}
    {%- for measure in ['recency', 'frequency', 'monetary'] %}
        select
            '{{ measure }}' as measure,
            '{{ rfm_method_of(measure) }}' as method
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}


{% macro rfm_method_of(measure) %}
    {#- quantile, ntile or fixed: var rfm_method may name one per measure. -#}
    {%- set method = cst_var('rfm_method') -%}
    {{ return(
        method.get(measure, 'quantile') if method is mapping else method
    ) }}
{% endmacro %}
