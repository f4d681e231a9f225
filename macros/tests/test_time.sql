{% macro test_time() %}
    {%- set expected = {
        date_literal('2024-02-29'): '2024-02-29',
        date_literal(modules.datetime.date(2024, 2, 29)): '2024-02-29',
        date_literal(none): none,
        first_instant() ~ ' < ' ~ last_instant(): 'true',
        known_date(): none,
    } -%}

    {%- set grain = cst_var('cst_snapshot_grain') -%}
    {%- for date, ends in [
        ('2024-02-10', {'month': '2024-02-29', 'week': '2024-02-11'}),
        ('2024-02-29', {'month': '2024-02-29', 'week': '2024-03-03'}),
        ('2024-12-31', {'month': '2024-12-31', 'week': '2025-01-05'}),
        ('2023-12-31', {'month': '2023-12-31', 'week': '2023-12-31'}),
    ] -%}
        {%- do expected.update({
            period_end(date_literal(date)): ends.get(grain, date)
        }) -%}
    {%- endfor -%}
    {%- do expect_values(expected) -%}

    {#- Bounds that end inside a month and inside a week. -#}
    {%- set ends = {
        'month': ['2024-02-29', '2024-02-29', '2024-03-31', '2024-05-15'],
        'week': ['2024-02-29', '2024-03-03', '2024-03-03', '2024-05-15'],
        'day': ['2024-02-29', '2024-02-29', '2024-03-01', '2024-05-15'],
    }[grain] -%}
    {%- set query -%}
        select
            cast(dates.day as string),
            cast({{ snapshot_on_or_after('dates.day', 'bounds') }} as string)
        from (
            {%- for date in [
                '2020-01-01', '2024-02-29', '2024-03-01', '2024-05-15',
                '2024-05-16', none
            ] %}
            select {{ date_literal(date) }} as day
            {{- ' union all' if not loop.last }}
            {%- endfor %}
        ) as dates
        cross join (
            select
                {{ date_literal('2024-02-29') }} as first_snapshot_date,
                {{ date_literal('2024-05-15') }} as last_snapshot_date
        ) as bounds
        order by dates.day nulls last
    {%- endset -%}
    {%- do expect_rows('snapshot_on_or_after', query, [
        ['2020-01-01', ends[0]],
        ['2024-02-29', ends[1]],
        ['2024-03-01', ends[2]],
        ['2024-05-15', ends[3]],
        ['2024-05-16', none],
        [none, none],
    ]) -%}
{% endmacro %}
