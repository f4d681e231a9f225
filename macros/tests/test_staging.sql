{% macro test_staging() %}
    {%- set delivered -%}
        with delivered as (
            select
                'a' as id, 1 as version, 5 as amount,
                cast(null as string) as contract_problem, 'x' as row_text
            union all
            select 'a', 2, 6, null, 'x'
            union all
            select 'a', 3, -1, null, 'x'
            union all
            select 'a', 4, -1, 'missing_b', 'x'
            union all
            select 'b', null, 7, null, 'z'
            union all
            select 'b', null, 8, null, 'y'
        )
        select id, amount, row_status, reject_reason
        from ({{ validate_rows('delivered', 'id', 'version', {
            'negative': 'amount < 0', 'tiny': 'amount < 1',
        }) }}) as validated_rows
        order by id, amount, reject_reason
    {%- endset -%}
    {%- do expect_rows('the validated rows', delivered, [
        ['a', '-1', 'rejected', 'missing_b'],
        ['a', '-1', 'rejected', 'negative'],
        ['a', '5', 'superseded', none],
        ['a', '6', 'accepted', none],
        ['b', '7', 'accepted', none],
        ['b', '8', 'superseded', none],
    ]) -%}

    {%- set written_at = "cast('2024-01-01 00:00:00' as timestamp)" -%}
    {%- set limit = written_at ~ " + interval '"
        ~ cst_var('cst_clock_tolerance_minutes') ~ "' minute" -%}
    {%- do expect_values({
        is_in_the_future(limit, written_at): 'false',
        is_in_the_future(limit ~ " + interval '1' second", written_at): 'true',
        is_in_the_future(written_at, 'cast(null as timestamp)'): none,
    }) -%}
{% endmacro %}
