{% macro test_labels() %}
    {%- do expect_rows(
        'labeled_code',
        'select ' ~ labeled_code('code', 'movement', 'step') ~ " from ("
        ~ "select 'up' as code, 1 as position "
        ~ "union all select 'sideways' as code, 2 as position "
        ~ "union all select cast(null as string) as code, 3 as position"
        ~ ") as codes order by position",
        [['up', '上升', 'Up'], ['sideways', none, none], [none, none, none]],
    ) -%}
    {%- do expect_rows(
        'the names of labeled_code',
        'select movement, movement_zh, movement_en from (select '
        ~ labeled_code("'down'", 'movement') ~ ') as labels',
        [['down', '下降', 'Down']],
    ) -%}
    {%- for kind, labels in code_labels().items() -%}
        {%- for code, words in labels.items() -%}
            {%- do expect_equal(
                kind ~ ' ' ~ code ~ ' in words',
                [words | length, '' in words], [2, false]
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
