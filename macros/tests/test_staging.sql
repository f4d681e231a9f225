{% macro test_staging() %}
    {%- set delivered -%}
        with delivered as (
            select
                'a' as id, 1 as version, 5 as amount,
                cast(null as string) as contract_problem,
                cast(null as string) as problem_column,
                cast(null as string) as problem_value,
                'x' as source_row, cast(null as string) as flags,
                false as has_null_text, false as has_nobody_id,
                true as is_repeated
            {%- for row in [
                "'a', 2, 6, null, null, null, 'y', null, true, true, true",
                "'a', 3, -1, null, null, null, 'x', null, false, false, true",
                "'a', 4, -2, 'missing_b', 'b', 'q', 'x', null, false, false,"
                ~ ' true',
                "'b', null, 7, null, null, null, 'z', 'old', false, false, true",
                "'b', null, 8, null, null, null, 'y', null, false, false, true",
                "'c', 1, 9, null, null, null, 'same', null, false, false, true",
                "'c', 1, 9, null, null, null, 'same', null, false, false, true",
                "'d', 1, 6, null, null, null, 'z', null, true, false, false",
                "'e', 1, 0, null, null, null, 'z', null, false, false, false",
            ] %}
            union all
            select {{ row }}
            {%- endfor %}
        )
        select
            id, amount, row_status, row_text, reject_reason, problem_column,
            problem_value, flags
        from ({{ validate_rows('delivered', 'source_row', 'id', 'version', {
            'negative': {'amount': 'amount < 0'}, 'tiny': 'amount < 1',
        }, flags={'six': 'amount = 6'}, later_first=['amount']) }})
            as validated_rows
        order by id, amount desc, row_status
    {%- endset -%}
    {%- do expect_rows('the validated rows', delivered, [
        ['a', '6', 'accepted', none, none, none, none,
         'nobody_id,null_text,six'],
        ['a', '5', 'superseded', none, none, none, none, none],
        ['a', '-1', 'rejected', 'x', 'negative', 'amount', '-1', none],
        ['a', '-2', 'rejected', 'x', 'missing_b', 'b', 'q', none],
        ['b', '8', 'accepted', none, none, none, none, 'ambiguous_version'],
        ['b', '7', 'superseded', none, none, none, none,
         'old,ambiguous_version'],
        ['c', '9', 'accepted', none, none, none, none, none],
        ['c', '9', 'superseded', none, none, none, none, none],
        ['d', '6', 'accepted', none, none, none, none, 'null_text,six'],
        ['e', '0', 'rejected', 'z', 'tiny', none, none, none],
    ]) -%}

    {%- set owned -%}
        with owned as (
            {%- for id, customer, day in [
                ('corrected', 'a', 1), ('corrected', 'b', 1),
                ('moved', 'a', 1), ('moved', 'a', 2),
                ('two shops', 'a', 1), ('two shops', 'b', 2),
            ] %}
            select
                '{{ id }}' as id, '{{ customer }}' as customer,
                {{ day }} as day, {{ loop.index }} as version,
                cast(null as string) as contract_problem,
                cast(null as string) as problem_column,
                cast(null as string) as problem_value,
                '{{ loop.index }}' as source_row,
                cast(null as string) as flags, false as has_null_text,
                false as has_nobody_id, true as is_repeated
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        )
        select id, flags
        from ({{ validate_rows(
            'owned', 'source_row', 'id', 'version', {},
            identity=['customer', 'day'], has_row_texts=true
        ) }}) as validated_rows
        where row_status = 'accepted' and row_text is not null
        order by id
    {%- endset -%}
    {%- do expect_rows('keys of several things', owned, [
        ['corrected', none], ['moved', none], ['two shops', 'key_collision'],
    ]) -%}

    {%- set written_at = "cast('2024-01-01 00:00:00' as timestamp)" -%}
    {%- set limit = written_at ~ " + interval '"
        ~ cst_var('cst_clock_tolerance_minutes') ~ "' minute" -%}
    {%- do expect_values({
        is_in_the_future(limit, written_at): 'false',
        is_in_the_future(limit ~ " + interval '1' second", written_at): 'true',
        is_in_the_future(written_at, 'cast(null as timestamp)'): none,
        is_well_after(limit, written_at): 'false',
        is_well_after(limit ~ " + interval '1' second", written_at): 'true',
        not_before(written_at, limit) ~ ' = ' ~ limit: 'true',
        not_before(limit, written_at) ~ ' = ' ~ limit: 'true',
        not_before('cast(null as timestamp)', written_at): none,
        is_plausible_instant(written_at): 'true',
        is_plausible_instant("cast('1970-01-01' as timestamp)"): 'false',
        is_plausible_instant(last_plausible_instant()): 'true',
        is_plausible_instant(
            last_plausible_instant() ~ " + interval '1' second"
        ): 'false',
        is_plausible_instant('cast(null as timestamp)'): none,
    }) -%}

    {%- set ranks = namespace(query='') -%}
    {%- for status in ['pending', 'paid', 'completed', 'cancelled'] -%}
        {%- set ranks.query = ranks.query ~ "select '" ~ status
            ~ "' as status" ~ (' union all ' if not loop.last) -%}
    {%- endfor -%}
    {%- do expect_rows(
        'statuses, the later ones first',
        'select status from (' ~ ranks.query ~ ') as statuses order by '
        ~ order_status_rank('status') ~ ' desc',
        [['cancelled'], ['completed'], ['paid'], ['pending']]
    ) -%}
    {%- do expect_values({
        is_unpaid_refund("'" ~ cst_var('cst_running_refund_statuses')[0]
            | upper ~ "'"): 'true',
        is_unpaid_refund("'" ~ cst_var('cst_void_refund_statuses')[0] ~ "'"):
            'true',
        is_unpaid_refund("'paid'"): 'false',
        is_unpaid_refund('cast(null as string)'): 'false',
    }) -%}

    {%- do expect_rows(
        'all columns but one',
        'select ' ~ all_but('numbers', ['b'])
        ~ ' from (select 1 as a, 2 as b, 3 as c) as numbers', [['1', '3']]
    ) -%}
{% endmacro %}


{% macro test_usual_days() %}
    {#- Days since 2025-01-01, each with its number of rows; the usual range. -#}
    {%- set every_day = range(40) | list -%}
    {%- for what, days, row_count, first, first_usual, last in [
        ('one row', [5], 1, '5', none, '5'),
        ('two far days', [0, 300], 1, '0', none, '300'),
        ('every day', every_day, 2, '0', '0', '39'),
        ('one far ahead', every_day + [200], 1, '0', '0', '39'),
        ('one a week ahead', every_day + [46], 1, '0', '0', '39'),
        ('a silence, then two days', every_day + [46, 47], 1, '0', '0', '39'),
        ('a silence, then three days', every_day + [46, 47, 48], 1, '0', '0',
         '48'),
        ('several ahead', every_day + [60, 120, 4000], 1, '0', '0', '39'),
        ('one long before', [-3650] + every_day, 1, '0', '0', '39'),
        ('one a month before', [-30] + every_day, 1, '-30', '0', '39'),
        ('once a month', range(0, 400, 30) | list, 1, '0', '0', '390'),
        ('once a week, one far ahead', range(0, 200, 7) | list + [500], 1, '0',
         '0', '196'),
    ] -%}
        {%- set query -%}
            with delivered as (
                {%- for day in days -%}
                    {%- for row in range(row_count) %}
                select {{ add_days(date_literal('2025-01-01'), day) }} as day
                union all
                    {%- endfor %}
                {%- endfor %}
                select cast(null as date)
            )
            select
                {{ days_between(date_literal('2025-01-01'), 'first_date') }},
                {{ days_between(
                    date_literal('2025-01-01'), 'first_usual_date'
                ) }},
                {{ days_between(date_literal('2025-01-01'), 'last_date') }}
            from ({{ usual_days('delivered', 'day') }}) as days
        {%- endset -%}
        {%- do expect_rows('the usual days of ' ~ what, query, [
            [first, first_usual, last],
        ]) -%}
    {%- endfor -%}

    {%- set single_rows -%}
        with delivered as (
            {%- for day in every_day %}
            select {{ add_days(date_literal('2025-01-01'), day) }} as day
            union all
            select {{ add_days(date_literal('2025-01-01'), day) }}
            union all
            {%- endfor %}
            select {{ add_days(date_literal('2025-01-01'), 40) }}
        )
        select {{ days_between(date_literal('2025-01-01'), 'last_date') }}
        from ({{ usual_days('delivered', 'day') }}) as days
    {%- endset -%}
    {%- do expect_rows('the last day of two rows', single_rows, [['39']]) -%}

    {%- set judged -%}
        with usual_days as (
            select
                {{ date_literal('2025-01-01') }} as first_date,
                {{ date_literal('2025-01-10') }} as first_usual_date,
                {{ date_literal('2025-03-01') }} as last_date
        ),
        days as (
            {%- for day in [
                '2024-12-31', '2025-01-01', '2025-01-10', '2025-03-01',
                '2025-03-02', '2026-03-02', '2026-03-03',
            ] %}
            select {{ date_literal(day) }} as day
            {{- ' union all' if not loop.last }}
            {%- endfor %}
        )
        select
            day,
            {{ is_before_usual_days('day') }},
            {{ is_after_usual_days('day') }},
            {{ is_outside_usual_days('day', true) }},
            {{ is_outside_usual_days('day', false) }}
        from days
        cross join usual_days
        order by day
    {%- endset -%}
    {%- do expect_rows('days judged by the usual ones', judged, [
        ['2024-12-31', 'True', 'False', 'True', 'False'],
        ['2025-01-01', 'True', 'False', 'False', 'False'],
        ['2025-01-10', 'False', 'False', 'False', 'False'],
        ['2025-03-01', 'False', 'False', 'False', 'False'],
        ['2025-03-02', 'False', 'True', 'False', 'False'],
        ['2026-03-02', 'False', 'True', 'False', 'False'],
        ['2026-03-03', 'False', 'True', 'True', 'True'],
    ]) -%}

    {%- set texts = {'unreadable_line': 'line', 'refund_id': 'id'} -%}
    {%- for column in ods_contract()['ods_trd_refund']
        if column != 'refund_id' -%}
        {%- do texts.update({column: 'cast(null as string)'}) -%}
    {%- endfor -%}
    {%- set row_texts -%}
        select {{ hashed_row_text('refund') }}
        from (
            select {{ packed(texts) }} as source_row
            from (
                select cast(null as string) as line, 'a' as id
                union all
                select 'f.csv:7: too many columns', cast(null as string)
            ) as delivered
        ) as packed_rows
        order by 1
    {%- endset -%}
    {%- do expect_rows('texts of rows', row_texts, [
        ['9396616883f549ee1ab43103c48cac02'], ['f.csv:7: too many columns'],
    ]) -%}
{% endmacro %}
