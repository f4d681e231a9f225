{% macro test_retention() %}
    {#- Of md5('salt:a') the first 32 bits are .6393, of md5('salt:d') .4162. -#}
    {%- do expect_values({
        is_held_out("'a'", 'salt', 0): 'false',
        is_held_out("'a'", 'salt', 0.639): 'false',
        is_held_out("'a'", 'salt', 0.64): 'true',
        is_held_out("'d'", 'salt', 0.41): 'false',
        is_held_out("'d'", 'salt', 0.42): 'true',
    }) -%}
    {%- for code, labels in repurchase_measures().items() -%}
        {%- do expect_equal(
            'the labels of ' ~ code,
            labels.keys() | sort,
            ['formula_en', 'formula_zh', 'name_en', 'name_zh']
        ) -%}
    {%- endfor -%}
    {%- do expect_equal(
        'the windows',
        retention_windows(), cst_var('retention_window_days') | unique | sort
    ) -%}
    {%- do expect_equal(
        'the windows with columns', retention_contract_windows(), [30, 60, 90]
    ) -%}
{% endmacro %}
