{% macro test_money() %}
    {#- Half up, exactly; a double has 1.005 below the half. -#}
    {%- do expect_values({
        unrounded_amount('10000000000.01', '0.0000000001'): '1.000000000001',
        converted_amount('10.10', '7.25'): '73.23',
        converted_amount('1.00', '1.005'): '1.01',
        converted_amount('1.00', '1.0049999999'): '1.00',
        converted_amount('0.01', '0.5'): '0.01',
        converted_amount('0.01', '0.4999999999'): '0.00',
        converted_amount('0', '7.25'): '0.00',
        converted_amount('10000000000', '1'): '10000000000.00',
        converted_amount('10000000000', '99999999.9999999999'):
            cst_var('cst_largest_amount') ~ '.00',
        converted_amount('10000000000.01', '1'):
            cst_var('cst_largest_amount') ~ '.00',
        converted_amount('-0.01', '1'): '-0.01',
        converted_amount('cast(null as decimal(18, 2))', '1'): none,
        converted_amount('cast(null as decimal(18, 2))', '7.25'): none,
        converted_amount('1.00', 'cast(null as decimal(18, 10))'): none,
    }) -%}
    {#- Each third of .01 rounds to .00; together they are .01. -#}
    {%- do expect_rows(
        'parts of a converted amount',
        'select ' ~ converted_part('amount', 'so_far', '0.3333333334')
        ~ ' as part from (select key, amount, sum(amount) over (order by key) '
        ~ 'as so_far from (select 1 as key, cast(0.01 as decimal(18, 2)) as '
        ~ 'amount union all select 2, 0.01 union all select 3, 0.01) '
        ~ 'as amounts) as running order by key',
        [['0.00'], ['0.01'], ['0.00']]
    ) -%}
    {#- What goes beyond the largest amount is no part of it. -#}
    {%- do expect_rows(
        'parts of an amount in the own currency',
        'select ' ~ converted_part('amount', 'so_far', '1')
        ~ ' as part from (select key, amount, sum(amount) over (order by key) '
        ~ 'as so_far from (select 1 as key, cast(9999999999.99 as '
        ~ 'decimal(18, 2)) as amount union all select 2, 0.03 '
        ~ 'union all select 3, 5.00) as amounts) as running order by key',
        [['9999999999.99'], ['0.01'], ['0.00']]
    ) -%}
{% endmacro %}
