{% macro test_dates() %}
    {#- business_date in any zone: what is true of all of them. -#}
    {%- set day = "cast('2024-02-28' as date)" -%}
    {%- set start_at = day_start_at(day) -%}
    {%- set second = " - interval '1' second" -%}
    {%- set expected = {
        business_date('(' ~ start_at ~ ')'): '2024-02-28',
        business_date('(' ~ start_at ~ second ~ ')'): '2024-02-27',
        business_hour('(' ~ start_at ~ ')'): '0',
        business_hour('(' ~ start_at ~ second ~ ')'): '23',
        add_days(day, 2): '2024-03-01',
        add_days(day, -59): '2023-12-31',
        add_days(day, '1 + 1'): '2024-03-01',
        days_between(day, "cast('2024-03-01' as date)"): '2',
        days_between("cast('2024-03-01' as date)", day): '-2',
        days_between(day, day): '0',
        days_between(day, 'cast(null as date)'): none,
        add_months("cast('2024-01-01' as date)", 13): '2025-02-01',
        add_months("cast('2024-01-01' as date)", -1): '2023-12-01',
        months_between("cast('2024-01-31' as date)", day): '1',
        months_between(day, "cast('2025-01-01' as date)"): '11',
        seconds_between(
            "cast('2024-01-01 00:00:00.9' as timestamp)",
            "cast('2024-01-01 00:01:00.1' as timestamp)"
        ): '60',
        seconds_between(
            "cast('2024-01-01 00:00:00' as timestamp)",
            "cast('2024-01-01 00:01:00' as timestamp)"
        ) ~ ' / 2': '30.0',
    } -%}
    {%- do expected.update({
        "case when '" ~ cst_var('cst_timezone') ~ "' = 'Asia/Shanghai' then "
        ~ business_date("cast('2024-12-31 16:00:00' as timestamp)")
        ~ " else cast('2025-01-01' as date) end": '2025-01-01',
    }) -%}
    {%- do expect_values(expected) -%}
    {%- do expect_rows(
        'date_series',
        'select cast(day as string) from (select '
        ~ date_series(day, "cast('2024-03-01' as date)")
        ~ ' as day) as days order by 1',
        [['2024-02-28'], ['2024-02-29'], ['2024-03-01']]
    ) -%}
{% endmacro %}
