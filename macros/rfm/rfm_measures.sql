{% macro rfm_measures() %}
    {#-
        The three measures. Edges are kept as standing, of which more is always
        better: recency counts against the customer, so its sign is turned.
    -#}
    {{ return([
        {
            'name': 'recency', 'score': 'r_score',
            'above_mean': 'is_recent',
            'value': 'recency_days', 'standing': '-recency_days',
        },
        {
            'name': 'frequency', 'score': 'f_score',
            'above_mean': 'is_frequent',
            'value': 'frequency', 'standing': 'frequency',
        },
        {
            'name': 'monetary', 'score': 'm_score',
            'above_mean': 'is_high_spending',
            'value': 'monetary_amount', 'standing': 'monetary_amount',
        },
    ]) }}
{% endmacro %}


{% macro rfm_method_of(measure_name) %}
    {#- quantile, ntile or fixed: var rfm_method may name one per measure. -#}
    {%- set method = cst_var('rfm_method') -%}
    {{ return(
        method.get(measure_name, 'quantile') if method is mapping else method
    ) }}
{% endmacro %}


{% macro rfm_measures_by(method) %}
    {#- The names of the measures binned by a method, as a SQL list. -#}
    {%- set names = [] -%}
    {%- for measure in rfm_measures()
        if rfm_method_of(measure.name) == method -%}
        {%- do names.append("'" ~ measure.name ~ "'") -%}
    {%- endfor -%}
    {{ return('(' ~ (names | join(', ') or 'null') ~ ')') }}
{% endmacro %}
