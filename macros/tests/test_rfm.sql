{% macro test_rfm() %}
    {%- set edges = ['10', '20', '20', '30'] -%}
    {%- set gaps = ['cast(null as integer)', '20'] -%}
    {%- do expect_values({
        rfm_edge_score('10', edges): '1',
        rfm_edge_score('10.01', edges): '2',
        rfm_edge_score('20', edges): '2',
        rfm_edge_score('21', edges): '4',
        rfm_edge_score('30', edges): '4',
        rfm_edge_score('31', edges): '5',
        rfm_edge_score('-5', edges): '1',
        rfm_edge_score('cast(null as integer)', edges): '1',
        rfm_edge_score('25', gaps): '2',
        rfm_edge_score('5', gaps): '1',
        rfm_edge_below('10', edges): none,
        rfm_edge_below('11', edges): '10',
        rfm_edge_below('30', edges): '20',
        rfm_edge_below('99', edges): '30',
        rfm_edge_above('10', edges): '10',
        rfm_edge_above('11', edges): '20',
        rfm_edge_above('30', edges): '30',
        rfm_edge_above('31', edges): none,
    }) -%}

    {#- Standings with the customers who have them, 10 in all. -#}
    {%- for counts, bins, expected in [
        ({1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1}, 5,
         ['2', '4', '6', '8']),
        ({1: 8, 2: 1, 3: 1}, 5, ['1', '1', '1', '1']),
        ({1: 1, 2: 1, 3: 8}, 5, ['2', '3', '3', '3']),
        ({7: 10}, 5, ['7', '7', '7', '7']),
        ({1: 5, 2: 5}, 2, ['1']),
        ({1: 4, 2: 6}, 2, ['2']),
        ({1: 3, 2: 3, 3: 4}, 3, ['2', '3']),
    ] -%}
        {%- set so_far = namespace(count=0) -%}
        {%- set query -%}
            select
                {%- for score in range(1, bins) %}
                {{ rfm_quantile_edge(
                    'standing', 'cumulative_count', '10', score, bins
                ) }} as edge_{{ score }}
                {{- ',' if not loop.last }}
                {%- endfor %}
            from (
                {%- for standing, count in counts.items() %}
                {%- set so_far.count = so_far.count + count %}
                select
                    {{ standing }} as standing,
                    {{ so_far.count }} as cumulative_count
                {{- ' union all' if not loop.last }}
                {%- endfor %}
            ) as standings
        {%- endset -%}
        {%- do expect_rows('the edges of ' ~ counts, query, [expected]) -%}
    {%- endfor -%}

    {%- set query -%}
        select
            id,
            {{ rfm_ntile_score('standing', 'snapshot', 'id', 3) }} as score
        from (
            select 'a' as id, 5 as standing, 1 as snapshot
            union all select 'b', 5, 1
            union all select 'c', 5, 1
            union all select 'd', 9, 1
            union all select 'e', 9, 2
        ) as standings
        order by id
    {%- endset -%}
    {%- do expect_rows('rfm_ntile_score', query, [
        ['a', '1'], ['b', '1'], ['c', '2'], ['d', '3'], ['e', '1']
    ]) -%}

    {%- set measures = rfm_measures() -%}
    {%- do expect_equal(
        'the measures', measures | map(attribute='name') | list,
        ['recency', 'frequency', 'monetary']
    ) -%}
    {#- Fewer days since the last purchase are better: the sign is turned. -#}
    {%- do expect_equal(
        'the standings', measures | map(attribute='standing') | list,
        ['-recency_days', 'frequency', 'monetary_amount']
    ) -%}

    {#- Each measure is binned by one method. -#}
    {%- set method = cst_var('rfm_method') -%}
    {%- for measure in measures -%}
        {%- set found = [] -%}
        {%- for name in ['quantile', 'ntile', 'fixed'] -%}
            {%- if "'" ~ measure.name ~ "'" in rfm_measures_by(name) -%}
                {%- do found.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do expect_equal(
            'the method of ' ~ measure.name,
            found, [rfm_method_of(measure.name)]
        ) -%}
        {%- if method is string -%}
            {%- do expect_equal(
                'the method of ' ~ measure.name,
                rfm_method_of(measure.name), method
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do expect_equal(
        'the measures of an unknown method', rfm_measures_by('none'), '(null)'
    ) -%}
{% endmacro %}
