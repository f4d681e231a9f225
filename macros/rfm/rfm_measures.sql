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
    {#- Var rfm_method may name a method for all measures, or one for each. -#}
    {%- set method = cst_var('rfm_method') -%}
    {%- set usual = 'rhythm' if measure == 'recency' else 'quantile' -%}
    {{ return(method.get(measure, usual) if method is mapping else method) }}
{% endmacro %}


{% macro rfm_rhythm_shares() %}
    {#-
        A query of the shares of gaps that part the scores: the longest of the
        shortest 97 % is the last silence above score 1.
    -#}
    {%- set shares = cst_var('rfm_rhythm_shares') -%}
    {%- for share in shares | reverse %}
        select
            {{ loop.index }} as score,
            cast({{ share }} as decimal(9, 6)) as share
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
{% endmacro %}
