{% macro test_sources() %}
    {%- set written = {} -%}
    {%- for node in graph.sources.values()
        if node.source_name == 'ods' and node.package_name == 'cst' -%}
        {%- set columns = {} -%}
        {%- for column in node.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- do columns.update({column.name: (
                column.data_type,
                'may be null' if meta.get('may_be_null')
                else 'required' if meta.get('required') else 'optional',
            )}) -%}
        {%- endfor -%}
        {%- do written.update({node.name: columns}) -%}
    {%- endfor -%}
    {%- set contract = ods_contract() -%}
    {%- do expect_equal(
        'the tables of _ods__sources.yml',
        written.keys() | sort, contract.keys() | sort
    ) -%}
    {%- for table, columns in contract.items() -%}
        {%- do expect_equal(
            table ~ ' in _ods__sources.yml',
            written[table].items() | list, columns.items() | list
        ) -%}
    {%- endfor -%}

    {%- for name in cst_var_rules()['cst_enabled_sources']['values'] -%}
        {%- do expect_equal(
            'the table of ' ~ name, _ods_table(name) in contract, true
        ) -%}
        {%- do expect_equal(
            name ~ ' is on',
            cst_source_is_enabled(name), name in var('cst_enabled_sources')
        ) -%}
    {%- endfor -%}

    {%- for expected, actual, is_readable in [
        ('string', 'varchar', true),
        ('string', 'varchar(20)', true),
        ('string', 'bigint', true),
        ('string', 'decimal(38,0)', true),
        ('string', 'decimal(38, 0)', true),
        ('string', 'decimal(18,2)', false),
        ('string', 'double', false),
        ('string', 'timestamp', false),
        ('string', "enum('a', 'b')", true),
        ('string', 'blob', false),
        ('string', 'varchar[]', false),
        ('integer', 'double', true),
        ('integer', 'boolean', false),
        ('decimal(18, 2)', 'decimal(10,4)', true),
        ('decimal(18, 2)', 'float', true),
        ('decimal(18, 2)', 'date', false),
        ('boolean', 'tinyint', true),
        ('boolean', 'double', false),
        ('date', 'timestamp', true),
        ('date', 'timestamp with time zone', false),
        ('date', 'integer', false),
        ('timestamp', 'timestamp with time zone', true),
        ('timestamp', 'timestamp_ns', true),
        ('timestamp', 'date', true),
        ('timestamp', 'bigint', false),
        ('timestamp', 'time', false),
    ] -%}
        {%- do expect_equal(
            actual ~ ' read as ' ~ expected,
            _is_readable_type(expected, actual), is_readable
        ) -%}
    {%- endfor -%}

    {%- set types = {'a': 'bigint', 'b': 'bigint'} -%}
    {%- for column, data_type, necessity, expected in [
        ('a', 'string', 'required', none),
        ('c', 'string', 'optional', none),
        (
            'c', 'string', 'required',
            "has no column 'c' (string). Columns found: a, b",
        ),
        (
            'c', 'string', 'may be null',
            "has no column 'c' (string). Columns found: a, b",
        ),
        (
            'a', 'timestamp', 'optional',
            "has a column 'a' of type bigint, which cannot be read as "
            ~ 'timestamp',
        ),
    ] -%}
        {%- do expect_equal(
            'the problem of ' ~ column,
            _column_problem(column, data_type, necessity, types), expected
        ) -%}
    {%- endfor -%}

    {%- for name, kind in [
        ('ods_trd_order.parquet', 'parquet'),
        ('PART-0.PARQUET', 'parquet'),
        ('ods_trd_order.csv', 'csv'),
        ('ods_trd_order.CSV', 'csv'),
        ('2025-10.csv.gz', 'csv'),
        ('2025-10.Csv.Zst', 'csv'),
        ('ods_trd_order.csv.crc', none),
        ('ods_trd_order.csv~', none),
        ('csv', none),
        ('README.md', none),
    ] -%}
        {%- do expect_equal('the kind of ' ~ name, _file_kind(name), kind) -%}
    {%- endfor -%}

    {%- for path, pattern in [
        ('/data/ods', '/data/ods'),
        ('/data/o*s', '/data/o[*]s'),
        ('/data/[a]?', '/data/[[]a][?]'),
    ] -%}
        {%- do expect_equal(
            'the pattern of ' ~ path, _glob_literal(path), pattern
        ) -%}
    {%- endfor -%}

    {%- for line, names in [
        ('order_id,customer_id', ['order_id', 'customer_id']),
        ('"Order_ID", customer_id ', ['order_id', 'customer_id']),
        ('\ufefforder_id', ['order_id']),
        ('"a,b",order_id,', ['a,b', 'order_id', '']),
        (none, ['']),
    ] -%}
        {%- do expect_equal(
            'the names in a header', _header_names(line), names
        ) -%}
    {%- endfor -%}

    {#- The sample comes from seeds. -#}
    {%- do expect_equal(
        'the unreadable lines of the sample', unreadable_line_count('order'),
        '0'
    ) -%}

    {#- A column that is missing is null, and no rows come from nowhere. -#}
    {%- set delivered -%}
        (
            select
                'r1' as refund_id,
                'o1' as order_id,
                cast(0.285 as double) as refund_amount,
                '2024-01-01' as refunded_at,
                '2024-01-02' as updated_at
        ) as delivered
    {%- endset -%}
    {%- do expect_rows(
        'a row without refund_reason',
        'select refund_id, refund_amount, refund_reason, contract_problem from '
        ~ _cst_source_select('ods_trd_refund', delivered, {
            'refund_id': 'string', 'order_id': 'string',
            'refund_amount': 'double', 'refunded_at': 'string',
            'updated_at': 'string',
        }),
        [['r1', '0.29', none, none]]
    ) -%}
    {#- A refund that was not paid has no time, whatever the source has. -#}
    {%- set delivered -%}
        (
            select
                'r1' as refund_id, 'o1' as order_id, 1 as refund_amount,
                '' as refunded_at, '{{ cst_var('cst_running_refund_statuses')[0]
                    | upper }} ' as refund_status
            union all
            select 'r2', 'o1', 1, 'soon', '{{
                cst_var('cst_void_refund_statuses')[0] }}'
            union all
            select 'r3', 'o1', 1, '2024-01-01T12:00:00Z', '{{
                cst_var('cst_running_refund_statuses')[0] }}'
            union all
            select 'r4', 'o1', 1, '2024-01-01T12:00:00Z', 'paid'
            union all
            select 'r5', 'o1', 1, '', 'paid'
            union all
            select 'r6', 'o1', 1, 'soon', null
        ) as delivered
    {%- endset -%}
    {%- do expect_rows(
        'times of refunds by their status',
        'select refund_id, cast(cast(refunded_at as date) as string) '
        ~ 'as refunded_on, contract_problem, problem_value from '
        ~ _cst_source_select('ods_trd_refund', delivered, {
            'refund_id': 'string', 'order_id': 'string',
            'refund_amount': 'integer', 'refunded_at': 'string',
            'refund_status': 'string',
        }) ~ ' order by refund_id',
        [
            ['r1', none, none, none], ['r2', none, none, none],
            ['r3', none, none, none], ['r4', '2024-01-01', none, none],
            ['r5', none, 'missing_refunded_at', none],
            ['r6', none, 'unreadable_refunded_at', 'soon'],
        ]
    ) -%}
    {%- set customers -%}
        (
            select
                'c1' as customer_id,
                '2024-01-01' as registered_at,
                '2024-01-02' as updated_at,
                '0000-00-00' as birth_date,
                'unsubscribed' as contact_consent,
                'no' as is_deleted
            union all
            select 'c2', '2024-01-01', 'yesterday', '1990-02-30', '', ''
            union all
            select 'c3', '2024-01-01', '2024-01-02', null, 'Y', 'maybe'
        ) as customers
    {%- endset -%}
    {%- do expect_rows(
        'customers whose values cannot be read',
        'select customer_id, contract_problem, flags, '
        ~ 'cast(contact_consent as string) as contact_consent from '
        ~ _cst_source_select('ods_cst_customer', customers, {
            'customer_id': 'string', 'registered_at': 'string',
            'updated_at': 'string', 'birth_date': 'string',
            'contact_consent': 'string', 'is_deleted': 'string',
        }) ~ ' order by customer_id',
        [
            ['c1', none, 'unreadable_birth_date,unreadable_contact_consent',
             none],
            ['c2', 'unreadable_updated_at', 'unreadable_birth_date', none],
            ['c3', none, 'unreadable_is_deleted', 'true'],
        ]
    ) -%}
    {%- set types = {} -%}
    {%- for column in [
        'refund_id', 'order_id', 'refund_amount', 'refund_reason',
        'refunded_at', 'updated_at',
    ] -%}
        {%- do types.update({column: 'string'}) -%}
    {%- endfor -%}
    {%- set delivered -%}
        (
            select
                'r1' as refund_id, 'o1' as order_id, '1' as refund_amount,
                ' NULL' as refund_reason, '2024-01-01' as refunded_at,
                '2024-01-02' as updated_at
            union all
            select 'r2', 'nan', 'nan', 'late', '2024-01-01', '2024-01-02'
            union all
            select 'r3', 'o1', '1', null, '2024-01-01', '2024-01-02'
        ) as delivered
    {%- endset -%}
    {%- do expect_rows(
        'texts that mean null',
        'select refund_id, refund_reason, has_null_text, contract_problem from '
        ~ _cst_source_select('ods_trd_refund', delivered, types)
        ~ ' order by refund_id',
        [
            ['r1', none, 'True', none],
            ['r2', 'late', 'True', 'missing_refund_amount'],
            ['r3', none, 'False', none],
        ]
    ) -%}
    {%- do expect_values({
        is_nobody_id("'GUEST'"): 'true',
        is_nobody_id("'00-0'"): 'true',
        is_nobody_id("'0a'"): 'false',
        is_nobody_id('cast(null as string)'): 'false',
    }) -%}

    {#- Whoever is nobody is null, and a load time is a version. -#}
    {%- set events = [] -%}
    {%- for id in [
        '0', '-1', '000', '00000000-0000-0000-0000-000000000000', '-', ' Guest ',
        'ANONYMOUS', 'unknown', '0.0', '{00-00}', '01', '-10', 'guest1', 'c0',
    ] -%}
        {%- do events.append(
            'select ' ~ loop.index ~ " as event_id, '" ~ id
            ~ "' as customer_id, '" ~ id ~ "' as anonymous_id"
        ) -%}
    {%- endfor -%}
    {%- do expect_rows(
        'people who are nobody',
        'select customer_id, anonymous_id, has_nobody_id from '
        ~ _cst_source_select(
            'ods_log_event', '(' ~ events | join(' union all ') ~ ') as events',
            {'event_id': 'integer', 'customer_id': 'string',
             'anonymous_id': 'string'}
        ) ~ ' order by cast(event_id as integer)',
        [[none, none, 'True']] * 10 + [
            ['01', '01', 'False'], ['-10', '-10', 'False'],
            ['guest1', 'guest1', 'False'], ['c0', 'c0', 'False'],
        ]
    ) -%}
    {%- set orders -%}
        (
            select
                'o1' as order_id, 0 as customer_id, '2024-01-01' as ordered_at,
                'paid' as order_status, '1' as order_amount,
                '' as updated_at, '2024-01-02T00:00:00Z' as ingested_at,
                '' as paid_at
            union all
            select 'o2', null, '2024-01-01', 'paid', '1',
                '2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', ' 1970 '
            union all
            select '', 7, 'noon', 'paid', '1', '', '', ''
            union all
            select 'o4', 7, ' noon', 'paid', 'one', 'NULL', null, ''
        ) as orders
    {%- endset -%}
    {%- do expect_rows(
        'orders of guests, versions by load time, and what was delivered',
        'select order_id, customer_id, '
        ~ 'cast(cast(updated_at as date) as string) as updated_on, '
        ~ 'contract_problem, problem_column, problem_value from '
        ~ _cst_source_select('ods_trd_order', orders, {
            'order_id': 'string', 'customer_id': 'integer',
            'ordered_at': 'string', 'order_status': 'string',
            'order_amount': 'string', 'updated_at': 'string',
            'ingested_at': 'string', 'paid_at': 'string',
        }) ~ ' order by order_id nulls last',
        [
            ['o1', none, '2024-01-02', none, none, none],
            ['o2', none, '2024-01-01', 'unreadable_paid_at', 'paid_at', '1970'],
            ['o4', '7', none, 'unreadable_ordered_at', 'ordered_at', 'noon'],
            [none, '7', none, 'missing_order_id', 'order_id', none],
        ]
    ) -%}
    {%- set customers -%}
        (
            select
                'c1' as customer_id, 'a@example.com' as registered_at
            union all
            select 'Guest', '2024-01-01'
        ) as customers
    {%- endset -%}
    {%- do expect_rows(
        'a row of a customer that is out of step',
        'select contract_problem, problem_column, problem_value from '
        ~ _cst_source_select('ods_cst_customer', customers, {
            'customer_id': 'string', 'registered_at': 'string',
        }) ~ ' order by contract_problem',
        [
            ['missing_customer_id', 'customer_id', none],
            ['unreadable_registered_at', 'registered_at', none],
        ]
    ) -%}
    {%- do expect_rows(
        'rows whose key comes again, or is none',
        'with repeated_keys as (select ' ~ short_hash('id') ~ ' as key_hash '
        ~ "from (select 'o1' as id union all select cast(null as string)) as ids) "
        ~ 'select order_id, is_repeated from ' ~ _cst_source_select(
            'ods_trd_order',
            "(select 'o1 ' as order_id union all select 'o2' "
            ~ "union all select '') as orders",
            {'order_id': 'string'}, repeated_keys='repeated_keys'
        ) ~ ' order by order_id nulls last',
        [['o1', 'True'], ['o2', 'False'], [none, 'True']]
    ) -%}
    {%- do expect_rows(
        'a source that is off',
        'select * from ' ~ _cst_source_select('ods_trd_refund', none, {}), []
    ) -%}
{% endmacro %}
