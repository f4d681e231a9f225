{% macro test_engine() %}
    {#- Fails unless the session is in UTC, as all below needs. -#}
    {%- do check_session_time_zone() -%}
    {%- do check_engine() -%}

    {%- set expected = {} -%}
    {%- for text, timestamp in [
        ('2024-01-05T10:00:00Z', '2024-01-05 10:00:00'),
        ('2024-01-05T10:00:00+08:00', '2024-01-05 02:00:00'),
        ('2024-01-05 10:00:00+0800', '2024-01-05 02:00:00'),
        ('2024-01-05 10:00:00+08', '2024-01-05 02:00:00'),
        ('2024-01-05 10:00:00 -05:30', '2024-01-05 15:30:00'),
        ('2024-01-05 10:00 +08:00', '2024-01-05 02:00:00'),
        ('2024-01-05T10:00Z', '2024-01-05 10:00:00'),
        ('2024-01-05 10:00:00 UTC', '2024-01-05 10:00:00'),
        ('2024-01-05 10:00:00.120Z', '2024-01-05 10:00:00.12'),
        ('2024/1/5 9:05Z', '2024-01-05 09:05:00'),
        ('', none),
        ('now', none),
        ('10:00', none),
        ('2024', none),
        ('2024-01', none),
        ('20240105', none),
        ('05/01/2024', none),
        ('1704420000', none),
        ('infinity', none),
        ('0000-00-00 00:00:00', none),
        ('2024-02-30', none),
        ('2024-01-05 24:00:00', none),
        ('2024-01-05 10:00:00 CST', none),
        ('2024-01-05 10:00:00+25:00', none),
    ] -%}
        {%- do expected.update({
            read_value("'" ~ text ~ "'", 'timestamp'): timestamp
        }) -%}
    {%- endfor -%}
    {#- Without a time it is a business date, without an offset a local time. -#}
    {%- set zone = cst_var('cst_source_timezone') -%}
    {%- for text in ['2024-01-05', '  2024/1/5  '] -%}
        {%- do expected.update({business_date(
            read_value("'" ~ text ~ "'", 'timestamp')
        ): '2024-01-05'}) -%}
    {%- endfor -%}
    {%- do expected.update({
        business_date(read_value(
            "cast('2024-01-05' as date)", 'timestamp', 'date'
        )): '2024-01-05',
        read_value("'2024-01-05 09:30'", 'timestamp') ~ ' = ' ~ local_to_utc(
            "cast('2024-01-05 09:30:00' as timestamp)", zone
        ): 'true',
        read_value("cast('2024-01-05 09:30:00' as timestamp_ntz)"
            if target.type == 'spark'
            else "cast('2024-01-05 09:30:00' as timestamp)",
            'timestamp',
            'timestamp_ntz' if target.type == 'spark' else 'timestamp'
        ) ~ ' = ' ~ local_to_utc(
            "cast('2024-01-05 09:30:00' as timestamp)", zone
        ): 'true',
    }) -%}
    {#- An hour that is skipped moves on; of one that comes twice, the first. -#}
    {%- for local_at, timezone, timestamp in [
        ('2025-03-09 01:59:59', 'America/Los_Angeles', '2025-03-09 09:59:59'),
        ('2025-03-09 02:30:00', 'America/Los_Angeles', '2025-03-09 10:30:00'),
        ('2025-03-09 12:00:00', 'America/Los_Angeles', '2025-03-09 19:00:00'),
        ('2024-11-03 00:59:59', 'America/Los_Angeles', '2024-11-03 07:59:59'),
        ('2024-11-03 01:30:00', 'America/Los_Angeles', '2024-11-03 08:30:00'),
        ('2024-11-03 02:00:00', 'America/Los_Angeles', '2024-11-03 10:00:00'),
        ('2024-11-03 12:00:00', 'America/Los_Angeles', '2024-11-03 20:00:00'),
        ('2024-04-07 01:45:00', 'Australia/Lord_Howe', '2024-04-06 14:45:00'),
        ('2018-11-04 00:00:00', 'America/Sao_Paulo', '2018-11-04 03:00:00'),
        ('2011-12-30 12:00:00', 'Pacific/Apia', '2011-12-30 22:00:00'),
        ('2024-01-05 10:00:00', 'Asia/Shanghai', '2024-01-05 02:00:00'),
        ('2024-01-05 10:00:00', 'Asia/Kolkata', '2024-01-05 04:30:00'),
        ('2024-01-05 10:00:00', 'UTC', '2024-01-05 10:00:00'),
    ] -%}
        {%- do expected.update({local_to_utc(
            "cast('" ~ local_at ~ "' as timestamp)", timezone
        ): timestamp}) -%}
    {%- endfor -%}
    {#- Typed columns may hold more than a calendar does. -#}
    {%- for value, data_type, is_far in [
        ('cast(null as date)', 'date', none),
        ("cast('2024-01-05' as date)", 'date', 'false'),
        (add_days("cast('9999-12-31' as date)", 400000), 'date', 'true'),
        (add_days("cast('0001-01-01' as date)", -400000), 'date', 'true'),
    ] -%}
        {%- do expected.update({
            '(' ~ read_value(value, 'timestamp', data_type) ~ ') not between '
            ~ "cast('1000-01-01' as timestamp) and cast('3000-01-01' as "
            ~ 'timestamp)': is_far
        }) -%}
    {%- endfor -%}

    {%- for text, date in [
        ('1990-05-17', '1990-05-17'),
        ('1990/5/7', '1990-05-07'),
        ('1990-05-17T23:30:00Z', '1990-05-17'),
        ('1990-02-29', none),
        ('1990', none),
    ] -%}
        {%- do expected.update({
            read_value("'" ~ text ~ "'", 'date'): date
        }) -%}
    {%- endfor -%}
    {%- for value, texts in [
        ('true', ['true', 'True', 't', 'T', 'yes', 'YES', 'y', 'Y', '1', '是']),
        ('false', ['false', 'FALSE', 'f', 'F', 'no', 'No', 'n', 'N', '0', '否']),
    ] -%}
        {%- for text in texts -%}
            {%- do expected.update({
                read_value("'" ~ text ~ "'", 'boolean'): value
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set backslash = '\\' if target.type == 'duckdb' else '\\\\' -%}
    {%- for text in var('cst_null_texts') -%}
        {%- set text = text | replace('\\', backslash) -%}
        {%- do expected.update({
            read_value("' " ~ text ~ "　'", 'string'): none,
            read_value("'" ~ text ~ "'", 'timestamp'): none,
            is_null_text("'" ~ text ~ " '"): 'true',
            is_null_text("'" ~ text ~ "x'"): 'false',
        }) -%}
    {%- endfor -%}
    {%- do expected.update({
        trim_white_space("' a b '"): 'a b',
        has_match("'a1'", '^[a-z][0-9]$'): 'true',
        has_match("'a1b'", '^[a-z][0-9]$'): 'false',
        value_of_text("'12'", 'integer'): '12',
        value_of_text("' 12'", 'integer'): none,
        value_of_text("'2024-01-05T10:00Z'", 'timestamp'):
            '2024-01-05 10:00:00',
        read_text("' a b '"): 'a b',
        read_text("' ''=1+1 '"): '=1+1',
        read_text("'''-5.00'"): '-5.00',
        read_text("'''a'"): "'a",
        read_text("'''''@b'"): "''@b",
        read_text("'a''=b'"): "a'=b",
        is_null_text('cast(null as string)'): 'false',
        is_null_text("''"): 'false',
        read_value("'Nancy'", 'string'): 'Nancy',
        read_value("'a NULL'", 'string'): 'a NULL',
        read_value("'n.a'", 'string'): 'n.a',
    }) -%}

    {#- Each kind of white space, by its number. -#}
    {%- for code in [
        9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 173, 5760, 6158, 8192,
        8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8203, 8204,
        8205, 8206, 8207, 8232, 8233, 8234, 8235, 8236, 8237, 8238, 8239, 8287,
        8288, 8294, 8295, 8296, 8297, 12288, 65279,
    ] -%}
        {%- set space = '%c' | format(code) -%}
        {%- do expected.update({
            read_text("'" ~ space ~ 'a' ~ space ~ 'b ' ~ space ~ "'"):
                'a' ~ space ~ 'b',
            read_value("'" ~ space ~ "'", 'string'): none,
            read_value("'" ~ space ~ '12' ~ space ~ "'", 'integer'): '12',
        }) -%}
    {%- endfor -%}
    {%- for text, number in [
        ('12', '12.00'),
        ('+12.5', '12.50'),
        ('-012.', '-12.00'),
        ('.5', '0.50'),
        ('1_000', none),
        ('1 000', none),
        ('1,000', none),
        ('1e3', none),
        ('１２', none),
        ('١٢', none),
        ('−12', none),
        ('--1', none),
        ('12 CNY', none),
        ('0x1f', none),
        ('12d', none),
        ('.', none),
        ('-', none),
        ('nan', none),
        ('infinity', none),
    ] -%}
        {%- do expected.update({
            read_value("'" ~ text ~ "'", 'decimal(18, 2)'): number
        }) -%}
    {%- endfor -%}
    {%- do expected.update({
        read_value("'1_000'", 'integer'): none,
        read_value("'1e3'", 'integer'): none,
        read_value("'１２'", 'integer'): none,
        read_value("' 007 '", 'string'): '007',
        read_value("'  '", 'string'): none,
        read_value('7', 'string', 'bigint'): '7',
        read_value("'4'", 'integer'): '4',
        read_value("' 4.0 '", 'integer'): '4',
        read_value("'4.5'", 'integer'): none,
        read_value("'four'", 'integer'): none,
        read_value('cast(4.5 as double)', 'integer', 'double'): none,
        read_value('cast(4 as double)', 'integer', 'double'): '4',
        read_value("'12.345'", 'decimal(18, 2)'): '12.35',
        read_value("'-0.005'", 'decimal(18, 2)'): '-0.01',
        read_value("'1,234.50'", 'decimal(18, 2)'): none,
        read_value('cast(0.285 as double)', 'decimal(18, 2)', 'double'): '0.29',
        read_value('cast(12345678.9 as double)', 'decimal(18, 2)', 'double'):
            '12345678.90',
        read_value("' TRUE '", 'boolean'): 'true',
        read_value("'1.0'", 'boolean'): none,
        read_value("'同意'", 'boolean'): none,
        read_value("'unsubscribed'", 'boolean'): none,
        read_value('1', 'boolean', 'integer'): 'true',
        read_value('0', 'boolean', 'integer'): 'false',
        read_value('2', 'boolean', 'integer'): none,
        read_value('false', 'boolean', 'boolean'): 'false',
        read_value(
            "cast('2024-01-05 23:30:00' as timestamp)", 'date', 'timestamp'
        ): '2024-01-05',
    }) -%}

    {%- for amount, count, average in [
        ('10.00', '3', '3.33'),
        ('20.00', '3', '6.67'),
        ('0.05', '2', '0.03'),
        ('-0.05', '2', '-0.03'),
        ('0.04', '2', '0.02'),
        ('-10.00', '3', '-3.33'),
        ('9999999999999999.99', '1', '9999999999999999.99'),
        ('9999999999999999.99', '7', '1428571428571428.57'),
        ('0.01', '3000000000', '0.00'),
        ('0.00', '5', '0.00'),
        ('5.00', '0', none),
        ('5.00', 'cast(null as bigint)', none),
        ('6.00', '1 + 2', '2.00'),
    ] -%}
        {%- do expected.update({average_amount(
            "cast('" ~ amount ~ "' as decimal(18, 2))", count
        ): average}) -%}
    {%- endfor -%}
    {#- 21.8049996…, of which Spark's own quotient would keep 21.805000. -#}
    {%- do expected.update({average_amount(
        "cast('65.42' as decimal(18, 2)) * cast(8720 as bigint)", '26162'
    ): '21.80'}) -%}
    {%- do expect_values(expected) -%}

    {#- A third each, a half of nothing, two without any weight, all to the
        only one that has some, and nothing to divide. -#}
    {%- do expect_rows(
        'parts of an amount',
        'select ' ~ part_of('amount', 'weight') ~ ' from (select *, '
        ~ 'sum(weight) over (partition by grp order by key) as weight_so_far, '
        ~ 'sum(weight) over (partition by grp) as weight_total from ('
        ~ "select 'a' as key, 'x' as grp, 10.00 as amount, 1 as weight "
        ~ "union all select 'b', 'x', 10.00, 1 "
        ~ "union all select 'c', 'x', 10.00, 1 "
        ~ "union all select 'd', 'y', 0.01, 5 "
        ~ "union all select 'e', 'y', 0.01, 5 "
        ~ "union all select 'f', 'z', 1.00, 0 "
        ~ "union all select 'g', 'w', 0.00, 0 "
        ~ "union all select 'h', 'v', 7.77, 3 "
        ~ "union all select 'i', 'v', 7.77, 0 "
        ~ "union all select 'j', 'u', 0.00, 1 "
        ~ "union all select 'k', 'u', 0.00, 2) as items) as totals "
        ~ 'order by key',
        [
            ['3.33'], ['3.34'], ['3.33'], ['0.01'], ['0.00'], [none], [none],
            ['7.77'], ['0.00'], ['0.00'], ['0.00'],
        ]
    ) -%}
    {%- do expect_rows(
        'numbers', 'select number from (' ~ numbers(2, 4) ~ ') as n order by 1',
        [['2'], ['3'], ['4']]
    ) -%}
    {%- do expect_rows(
        'one number', numbers(5, 5), [['5']]
    ) -%}
    {#- By rank, not by text or row; what is null is left out. -#}
    {%- do expect_rows(
        'texts joined in order',
        'select grp, ' ~ joined_in_order('item', 'place', '、')
        ~ " from (select 'a' as grp, 'x' as item, 20 as place union all "
        ~ "select 'a', 'z', 3 union all select 'a', 'y', 100 union all "
        ~ "select 'a', null, 1 union all select 'b', null, 1) as items "
        ~ 'group by grp order by grp',
        [['a', 'z、x、y'], ['b', none]]
    ) -%}
{% endmacro %}
