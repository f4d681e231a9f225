{% macro test_restatement() %}
    {%- do expect_rows(
        'unpivoted',
        'select name, ' ~ unpivoted([
            {'code': "'x'", 'amount': 'x'}, {'code': "'y'", 'amount': 'y'},
        ]) ~ " from (select 'a' as name, 1 as x, 2 as y union all "
        ~ "select 'b' as name, 3 as x, cast(null as integer) as y) as numbers "
        ~ 'order by 1, 2',
        [['a', 'x', '1'], ['a', 'y', '2'], ['b', 'x', '3'], ['b', 'y', none]],
    ) -%}
    {%- do expect_rows(
        'any_differs and are_fewer',
        'select ' ~ any_differs(['x', 'y']) ~ ', ' ~ are_fewer(['x', 'y'])
        ~ ' from (select 1 as row_number, 1 as published_x, '
        ~ 'cast(null as integer) as published_y, 1 as restated_x, '
        ~ 'cast(null as integer) as restated_y '
        ~ 'union all select 2, 1, null, 1, 0 '
        ~ 'union all select 3, 2, 1, 3, null '
        ~ 'union all select 4, 2, 1, 2, null) as pairs order by row_number',
        [
            ['False', 'False'], ['True', 'False'], ['True', 'False'],
            ['True', 'True'],
        ],
    ) -%}
    {#- A new column of a table is compared, or named here. -#}
    {%- for table, left_out in _not_restated().items() -%}
        {%- set expected = [] -%}
        {%- for column in graph.nodes['model.cst.' ~ table].columns -%}
            {%- if not modules.re.fullmatch(left_out, column) -%}
                {%- do expected.append(column) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do expect_equal(
            'what is compared of ' ~ table,
            restated_columns(table) | map(attribute='name') | sort,
            expected | sort,
        ) -%}
    {%- endfor -%}
{% endmacro %}


{% macro _not_restated() %}
    {%- set keys = '.*_key|customer_id|snapshot_date|is_current' -%}
    {{ return({
        'dws_cst_segmentation': keys
            ~ '|previous_.*|movement.*|mean_.*|[rfm]_gap_.*',
        'dws_cst_behavior': keys ~ '|engagement_level',
        'dws_cst_retention': keys
            ~ '|segment_code|value_tier|.*strategy_code|strategy_rule_id'
            ~ '|assignment_reason_.*|is_in_cooling_off|episode_start_date'
            ~ '|is_holdout|is_program_holdout|is_compared'
            ~ '|recent_contact_count|is_mature_.*|choice_probability',
        'ads_cst_ltv': keys
            ~ '|cohort_month|segment_code|value_tier|.*strategy_code'
            ~ '|ltv_.*change_amount|.*_zh|.*_en'
            ~ '|ltv_gross_profit_amount|gross_margin_rate|margin_coverage_share',
    }) }}
{% endmacro %}
