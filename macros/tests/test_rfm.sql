{% macro test_rfm() %}
    {#- A method for all measures, or for some of them: the rest is quantile. -#}
    {%- set method = cst_var('rfm_method') -%}
    {%- set by_measure = method if method is mapping else {
        'recency': method, 'frequency': method, 'monetary': method
    } -%}
    {%- set expected = [] -%}
    {%- for measure in ['frequency', 'monetary', 'recency'] -%}
        {%- do expect_equal(
            'the method of ' ~ measure, rfm_method_of(measure),
            by_measure.get(measure, 'quantile')
        ) -%}
        {%- do expected.append(
            [measure, by_measure.get(measure, 'quantile')]
        ) -%}
    {%- endfor -%}
    {%- do expect_rows(
        'rfm_measures',
        'select measure, method from (' ~ rfm_measures()
        ~ ') as measures order by measure',
        expected
    ) -%}
{% endmacro %}
