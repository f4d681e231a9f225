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
        reason_with_points("'{points} of 100'", '67'): '67 of 100',
        reason_with_points("'No points'", '67'): 'No points',
        reason_with_points("'{points} of 100'", 'null'): ' of 100',
    }) -%}
    {%- do expect_equal(
        'the windows in order', _windows_in_order([60, 90, 30, 60, 90]),
        [30, 60, 90]
    ) -%}
    {%- do expect_equal(
        'the windows with columns', retention_contract_windows(), [30, 60, 90]
    ) -%}
    {%- set closing = outcome_windows() -%}
    {%- for column, window in {
        'contact_count': 90, 'days_to_repurchase': 90, 'is_mature_30d': 30,
        'is_repurchased_within_60d': 60, 'net_amount_next_30d': 30,
        'net_amount_next_60d': 60, 'order_count_next_90d': 90,
    }.items() -%}
        {%- do expect_equal(
            'the window of ' ~ column, closing[column], window
        ) -%}
    {%- endfor -%}
    {%- do expect_equal('columns that are measured', closing | length, 21) -%}
    {%- for window in retention_windows() -%}
        {%- do expect_equal(
            'a column for the window of ' ~ window,
            window in retention_contract_windows(), true
        ) -%}
    {%- endfor -%}
{% endmacro %}


{% macro test_holdouts() %}
    {#-
        Both draws are is_held_out() of a text, whatever the vars are; of md5s
        by Python, the unit tests of int_cst_strategies_in_force.
    -#}
    {%- set program = is_held_out(
        "'a'", cst_var('retention_salt') ~ '/program',
        cst_var('retention_program_holdout_share')
    ) -%}
    {%- set episode = is_held_out(
        "'a:wake_up:2024-01-31'", cst_var('retention_salt'),
        cst_var('retention_holdout_share')
    ) -%}
    {%- do expect_equal(
        'the draw of the program', is_program_holdout("'a'"), program
    ) -%}
    {%- do expect_values({
        '(' ~ is_episode_holdout(
            "'a'", "'wake_up'", "cast('2024-01-31' as date)"
        ) ~ ') = (' ~ episode ~ ')': 'true',
    }) -%}
    {%- set since = cst_var('retention_holdout_since') -%}
    {%- if since is none and cst_var('cst_use_sample_data') -%}
        {%- set since = '2024-06-30' -%}
    {%- endif -%}
    {%- do expect_equal(
        'the first list of the hold-out', retention_holdout_since(), since
    ) -%}
{% endmacro %}


{% macro test_effect() %}
    {%- do expect_equal(
        'the windows of the value', realized_value_windows(), [180, 365]
    ) -%}
    {%- do expect_equal(
        'the windows of the effect', effect_windows(),
        retention_windows() + [180, 365]
    ) -%}
    {%- do expect_equal(
        'contacts and campaigns', contacts_are_known(),
        cst_source_is_enabled('touch') and cst_source_is_enabled('campaign')
    ) -%}

    {#- Each measure has one code, known to the labels, and windows. -#}
    {%- set codes = [] -%}
    {%- for measure in effect_measures() -%}
        {%- do codes.append(measure.code) -%}
        {%- do expect_equal(
            'windows of ' ~ measure.code, measure.windows,
            realized_value_windows() if measure.code == 'realized_value'
            else retention_windows()
        ) -%}
    {%- endfor -%}
    {%- set known = ['repurchase_rate'] -%}
    {%- if cst_source_is_enabled('event') -%}
        {%- do known.append('visit_rate') -%}
    {%- endif -%}
    {%- do known.extend(['order_count', 'net_amount', 'net_amount_capped']) -%}
    {%- if cst_var('ltv_margin_rate') is not none
        or cst_source_is_enabled('order_item') -%}
        {%- do known.append('gross_profit') -%}
    {%- endif -%}
    {%- if cst_var('ltv_margin_rate') is not none -%}
        {#- Of 100 after 10 off: the margin of 110, less the 10. -#}
        {%- do expect_values({
            gross_profit('100', '10') ~ ' - (110 * '
            ~ cst_var('ltv_margin_rate') ~ ' - 10) = 0': 'true'
        }) -%}
    {%- endif -%}
    {%- do expect_equal(
        'measures of the effect', codes, known + ['realized_value']
    ) -%}
    {%- do expect_equal(
        'measures of the curve', effect_curve_measures().keys() | list,
        ['repurchase_rate', 'order_count', 'net_amount']
    ) -%}
    {#- One of one is the 99th of a hundred, and who bought nothing is none. -#}
    {%- set bought = "'program' as scope_code, 'all' as subject_code, "
        ~ '30 as window_days, 5 as net_amount, true as is_mature, ' -%}
    {%- set observed = '(select ' ~ bought ~ 'true as is_compared, '
        ~ '1 as order_count union all select ' ~ bought
        ~ 'true as is_compared, 0 as order_count) as observed' -%}
    {%- do expect_rows(
        'caps', effect_caps(observed), [['program', 'all', '30', '5']]
    ) -%}

    {#- A row is told by its keys, all of which it shows. -#}
    {%- do expect_equal(
        'keys of the effect', effect_keys('effect.'), [
            'effect.scope_code', 'effect.subject_code', 'effect.arm_code',
            'effect.period_type', 'effect.period_code', 'effect.segment_code',
            'effect.window_days', 'effect.measure_code',
        ]
    ) -%}
    {%- do expect_equal(
        'first columns of the effect', effect_columns()[:8], effect_keys()
    ) -%}

    {%- set names = [] -%}
    {%- for language in ['zh', 'en'] -%}
        {%- do names.append(effect_subject_name('scope_code', language)) -%}
    {%- endfor -%}
    {%- set query -%}
        select {{ names | join(', ') }}
        from (
            select 1 as number, 'program' as scope_code
            union all select 2, 'strategy' union all select 3, 'campaign'
        ) as scopes
        cross join (
            select '唤醒策略' as strategy_name_zh, 'Wake-up' as strategy_name_en
        ) as strategies
        cross join (select '双十一' as campaign_name) as campaigns
        order by number
    {%- endset -%}
    {%- do expect_rows('names of subjects', query, [
        ['整体客户运营', 'The whole program'], ['唤醒策略', 'Wake-up'],
        ['双十一', '双十一'],
    ]) -%}
{% endmacro %}


{% macro test_effect_periods() %}
    {#-
        Which periods an entry is in, as seen from 2025-05-10: the last four
        quarters begin on 2024-07-01. Seen from 2024-12-31, on 2024-01-01. A
        campaign is in all alone, what is not compared in its snapshot alone.
    -#}
    {%- set rows = [] -%}
    {%- set expected = [] -%}
    {%- for scope_code, is_compared, entry_date, as_of_date, periods in [
        ('strategy', 'true', '2024-06-30', '2025-05-10',
            '2024-06-30 2024-Q2 2024 - all'),
        ('program', 'true', '2024-07-01', '2025-05-10',
            '2024-07-01 2024-Q3 2024 last_four_quarters all'),
        ('strategy', 'true', '2025-05-10', '2025-05-10',
            '2025-05-10 2025-Q2 2025 last_four_quarters all'),
        ('strategy', 'true', '2024-01-01', '2024-12-31',
            '2024-01-01 2024-Q1 2024 last_four_quarters all'),
        ('strategy', 'true', '2023-12-31', '2024-12-31',
            '2023-12-31 2023-Q4 2023 - all'),
        ('strategy', 'false', '2024-12-31', '2024-12-31',
            '2024-12-31 - - - -'),
        ('campaign', 'true', '2024-12-31', '2024-12-31', '- - - - all'),
    ] -%}
        {%- do rows.append(
            "select " ~ loop.index ~ " as number, '" ~ scope_code
            ~ "' as scope_code, " ~ is_compared ~ " as is_compared, cast('"
            ~ entry_date ~ "' as date) as entry_date, cast('" ~ as_of_date
            ~ "' as date) as as_of_date"
        ) -%}
        {%- do expected.append([periods]) -%}
    {%- endfor -%}
    {%- set parts = [] -%}
    {%- set types = [] -%}
    {%- for period in effect_periods() -%}
        {%- do types.append(period.type) -%}
        {%- do parts.append(
            'case when ' ~ period.condition ~ ' then ' ~ period.code
            ~ " else '-' end"
        ) -%}
    {%- endfor -%}
    {%- set query -%}
        select concat({{ parts | join(", ' ', ") }})
        from ({{ rows | join(' union all ') }}) as entries
        order by number
    {%- endset -%}
    {%- do expect_rows('periods of entries', query, expected) -%}
    {%- do expect_rows(
        'the last four quarters',
        'select ' ~ is_in_last_four_quarters() ~ " from (select cast('2024-07-01'"
        ~ " as date) as entry_date, cast('2025-05-10' as date) as as_of_date)"
        ~ ' as entries',
        [['True']]
    ) -%}

    {#- A pair of entries is where both of them are; no snapshot has two. -#}
    {%- set pair_types = [] -%}
    {%- set parts = [] -%}
    {%- for period in effect_pair_periods() -%}
        {%- do pair_types.append(period.type) -%}
        {%- do parts.append(
            'case when ' ~ period.condition ~ ' then ' ~ period.code
            ~ " else '-' end"
        ) -%}
    {%- endfor -%}
    {%- do expect_equal('periods of pairs', pair_types, types[1:]) -%}
    {%- set rows = [] -%}
    {%- set expected = [] -%}
    {%- for entry_date, later_entry_date, periods in [
        ('2024-10-31', '2024-12-31', '2024-Q4 2024 last_four_quarters all'),
        ('2024-07-31', '2024-10-31', '- 2024 last_four_quarters all'),
        ('2024-06-30', '2024-07-31', '- 2024 - all'),
        ('2024-12-31', '2025-01-31', '- - last_four_quarters all'),
        ('2023-12-31', '2024-12-31', '- - - all'),
    ] -%}
        {%- do rows.append(
            "select " ~ loop.index ~ " as number, cast('" ~ entry_date
            ~ "' as date) as entry_date, cast('" ~ later_entry_date
            ~ "' as date) as later_entry_date, cast('2025-05-10' as date)"
            ~ " as as_of_date"
        ) -%}
        {%- do expected.append([periods]) -%}
    {%- endfor -%}
    {%- set query -%}
        select concat({{ parts | join(", ' ', ") }})
        from ({{ rows | join(' union all ') }}) as pairs
        order by number
    {%- endset -%}
    {%- do expect_rows('periods of pairs', query, expected) -%}
{% endmacro %}
