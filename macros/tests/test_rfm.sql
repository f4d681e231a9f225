{% macro test_rfm() %}
    {#- A method for all measures, or for some: the rest has its usual one. -#}
    {%- set method = cst_var('rfm_method') -%}
    {%- set by_measure = method if method is mapping else {
        'recency': method, 'frequency': method, 'monetary': method
    } -%}
    {%- set usual = {
        'recency': 'rhythm', 'frequency': 'quantile', 'monetary': 'quantile'
    } -%}
    {%- set expected = [] -%}
    {%- for measure in ['frequency', 'monetary', 'recency'] -%}
        {%- do expect_equal(
            'the method of ' ~ measure, rfm_method_of(measure),
            by_measure.get(measure, usual[measure])
        ) -%}
        {%- do expected.append(
            [measure, by_measure.get(measure, usual[measure])]
        ) -%}
    {%- endfor -%}
    {%- do expect_rows(
        'rfm_measures',
        'select measure, method from (' ~ rfm_measures()
        ~ ') as measures order by measure',
        expected
    ) -%}

    {#- The largest share parts off the lowest score. -#}
    {%- if rfm_method_of('recency') == 'rhythm' -%}
        {%- set shares = cst_var('rfm_rhythm_shares') -%}
        {%- set rows = [] -%}
        {%- for share in shares | reverse -%}
            {%- do rows.append([loop.index | string, share | string]) -%}
        {%- endfor -%}
        {%- do expect_rows(
            'rfm_rhythm_shares',
            'select score, cast(share as double) as share from ('
            ~ rfm_rhythm_shares() ~ ') as shares order by score',
            rows
        ) -%}
    {%- endif -%}

    {#- Of 12 steps 8 make the 67 points of high, 5 the 34 of mid. -#}
    {%- if [
        cst_var('rfm_bins'), cst_var('value_tier_high_score'),
        cst_var('value_tier_mid_score')
    ] == [5, 67, 34] -%}
        {%- do expect_rows(
            'distance_to_next_value_tier',
            'select ' ~ distance_to_next_value_tier('customers') ~ ' from ('
            ~ "select 'low' as value_tier, 33 as value_score, 7 as rfm_score "
            ~ "union all select 'low', 0, 3 union all select 'mid', 42, 8 "
            ~ "union all select 'high', 75, 12 union all select null, null, "
            ~ 'null) as customers order by coalesce(rfm_score, 99)',
            [
                ['mid', '34', '5'],
                ['mid', '1', '1'],
                ['high', '25', '3'],
                [none, '0', '0'],
                [none, none, none],
            ]
        ) -%}
    {%- endif -%}
{% endmacro %}
