{% macro test_retention() %}
    {#-
        Of md5('salt:a') the first 32 bits are .6393 of the range, of
        md5('salt:d') .4162, of md5("it's:C004") .36298773577436805 exactly: a
        hash of exactly the share is not held out.
    -#}
    {%- do expect_values({
        is_held_out("'a'", 'salt', 0): 'false',
        is_held_out("'a'", 'salt', 0.639): 'false',
        is_held_out("'a'", 'salt', 0.64): 'true',
        is_held_out("'d'", 'salt', 0.41): 'false',
        is_held_out("'d'", 'salt', 0.42): 'true',
        is_held_out("'C004'", "it's", 0.36298773577436805): 'false',
        is_held_out("'C004'", "it's", 0.36298774): 'true',
        is_held_out("'C010'", 'cst-retention-1', 0): 'false',
    }) -%}
    {%- do expect_equal(
        'the windows in order', _windows_in_order([60, 90, 30, 60, 90]),
        [30, 60, 90]
    ) -%}
    {%- do expect_equal(
        'the windows with columns', retention_contract_windows(), [30, 60, 90]
    ) -%}
    {%- for window in retention_windows() -%}
        {%- do expect_equal(
            'a column for the window of ' ~ window,
            window in retention_contract_windows(), true
        ) -%}
    {%- endfor -%}
{% endmacro %}
