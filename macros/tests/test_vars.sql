{% macro test_vars() %}
    {%- set whole = {'kind': 'integer', 'min': 1, 'max': 9} -%}
    {%- set share = {'kind': 'number', 'min': 0, 'below': 1} -%}
    {%- set rate = {'kind': 'number', 'above': 0, 'max': 1} -%}
    {%- set grain = {'kind': 'text', 'values': ['month', 'day']} -%}
    {%- set sources = {'kind': 'list', 'values': ['a', 'b']} -%}
    {%- set days = {'kind': 'list', 'type': 'integer', 'values': [30, 60]} -%}
    {%- set line = ('[^\n]+', 'without line ends') -%}
    {%- set texts = {'kind': 'list', 'type': 'text', 'pattern': line} -%}
    {%- set codes = {'kind': 'list', 'type': 'code', 'pattern': line} -%}
    {%- set statuses = cst_var_rules()['cst_valid_order_statuses'] -%}
    {%- set salt = cst_var_rules()['retention_salt'] -%}
    {%- set method = {
        'kind': 'method', 'keys': ['r', 'f'], 'values': ['x', 'y']
    } -%}
    {%- set only = {
        'kind': 'method', 'keys': ['r', 'f'], 'values': ['x', 'y'],
        'only': {'r': ['z']},
    } -%}
    {%- set caps = {'kind': 'caps', 'keys': ['sms', 'push']} -%}
    {%- set caps_words = 'a mapping of sms, push to whole numbers from 0' -%}
    {%- set shares = {'kind': 'list', 'type': 'share'} -%}
    {%- set share_words = 'a list of ascending shares between 0 and 1' -%}
    {%- set method_words = 'one of x, y, or a mapping of r, f to one of them' -%}
    {%- set day = modules.datetime.date(2024, 2, 29) -%}
    {%- set noon = modules.datetime.datetime(2024, 2, 29, 12) -%}
    {%- set list_words = 'a list with at least one item' -%}
    {%- set date_words = "a date as 'YYYY-MM-DD'" -%}
    {%- for value, rule, expected in [
        (true, {'kind': 'boolean'}, none),
        ('true', {'kind': 'boolean'}, 'true or false'),
        (1, {'kind': 'boolean'}, 'true or false'),
        (none, {'kind': 'boolean'}, 'a value, not null'),
        (none, {'kind': 'integer', 'null': true, 'min': 1}, none),
        (1, whole, none),
        (9, whole, none),
        (0, whole, 'at least 1'),
        (10, whole, 'at most 9'),
        ('5', whole, 'a whole number'),
        (5.0, whole, 'a whole number'),
        (true, whole, 'a whole number'),
        (0, share, none),
        (0.999, share, none),
        (1, share, 'below 1'),
        (-0.1, share, 'at least 0'),
        (false, share, 'a number'),
        ('0.1', share, 'a number'),
        (1, rate, none),
        (0, rate, 'above 0'),
        ('x', {'kind': 'text'}, none),
        (' ', {'kind': 'text'}, 'text that is not empty'),
        (5, {'kind': 'text'}, 'text'),
        ('CNY', cst_var_rules()['cst_currency_code'], none),
        (
            'parquet.`/data/ltv.parquet`',
            cst_var_rules()['ltv_parameters_relation'], none,
        ),
        ('cst.ltv', cst_var_rules()['ltv_parameters_relation'], none),
        (1460, cst_var_rules()['ltv_horizon_days'], none),
        (1461, cst_var_rules()['ltv_horizon_days'], 'at most 1460'),
        (
            'ltv; drop table x', cst_var_rules()['ltv_parameters_relation'],
            cst_var_rules()['ltv_parameters_relation'].pattern[1],
        ),
        ({}, caps, none),
        ({'sms': 2, 'push': 0}, caps, none),
        ({'sms': -1}, caps, caps_words),
        ({'sms': true}, caps, caps_words),
        ({'sms': 1.5}, caps, caps_words),
        ({'fax': 1}, caps, caps_words),
        (['sms'], caps, caps_words),
        (none, caps, 'a value, not null'),
        (
            "CNY' and '1'='2", cst_var_rules()['cst_currency_code'],
            'a currency code of three letters, such as CNY',
        ),
        (
            'ods; drop', cst_var_rules()['cst_ods_schema'],
            'a name of letters, digits and underscores',
        ),
        (["it's", 'a'], texts, none),
        (['a\nb'], texts, 'a list of texts without line ends'),
        ([5], texts, 'a list of texts that are not empty'),
        (['paid', 5], codes, none),
        ([true], codes, 'a list of texts that are not empty'),
        (["client's choice", 1], statuses, none),
        (
            ['\\\' or 1=1 --'], statuses,
            'a list of texts without backslashes, braces and line ends',
        ),
        (
            ['${env:HOME}'], cst_var_rules()['cst_nobody_ids'],
            'a list of texts without backslashes, braces and line ends',
        ),
        ("it's 1", salt, none),
        ('\\', salt, 'text without backslashes, braces and line ends'),
        ('2024-02-29\n', {'kind': 'date'}, date_words),
        ('٢٠٢٤-02-29', {'kind': 'date'}, date_words),
        (modules.re.sub('x', '', '1e400') | float, share, 'a number'),
        (modules.re.sub('x', '', 'nan') | float, share, 'a number'),
        ('day', grain, none),
        ('Day', grain, 'one of month, day'),
        ('Asia/Shanghai', {'kind': 'timezone'}, none),
        ('UTC', {'kind': 'timezone'}, none),
        (
            'Beijing', {'kind': 'timezone'},
            "a time zone name such as 'Asia/Shanghai'",
        ),
        (8, {'kind': 'timezone'}, 'text'),
        ('2024-02-29', {'kind': 'date'}, none),
        (day, {'kind': 'date'}, none),
        (noon, {'kind': 'date'}, date_words),
        ('2023-02-29', {'kind': 'date'}, date_words),
        ('1900-02-29', {'kind': 'date'}, date_words),
        ('2000-02-29', {'kind': 'date'}, none),
        ('2024-04-31', {'kind': 'date'}, date_words),
        ('2024-13-01', {'kind': 'date'}, date_words),
        ('2024-00-01', {'kind': 'date'}, date_words),
        ('2024-01-00', {'kind': 'date'}, date_words),
        ('2024-1-1', {'kind': 'date'}, date_words),
        ('today', {'kind': 'date'}, date_words),
        (20240101, {'kind': 'date'}, date_words),
        (['a'], sources, none),
        (['a', 'c'], sources, 'items of a, b'),
        ([], sources, list_words),
        ('a', sources, list_words),
        ({'a': 1}, sources, list_words),
        ([60, 30], days, none),
        ([30, '60'], days, 'a list of whole numbers from 1'),
        ([0], days, 'a list of whole numbers from 1'),
        (['NULL', 'n/a'], texts, none),
        (['NULL', none], texts, 'a list of texts that are not empty'),
        (['NULL', ' '], texts, 'a list of texts that are not empty'),
        ([45], days, 'items of 30, 60'),
        ('x', method, none),
        ({'f': 'y'}, method, none),
        ({'r': 'x', 'f': 'y'}, method, none),
        ('z', method, method_words),
        ({'m': 'x'}, method, method_words),
        ({'r': 'z'}, method, method_words),
        (5, method, method_words),
        ({'r': 'z', 'f': 'y'}, only, none),
        ({'f': 'z'}, only, method_words ~ ', and r also to z'),
        ('z', only, method_words ~ ', and r also to z'),
        ([0.5, 0.97], shares, none),
        ([0.5, 0.5], shares, share_words),
        ([0.97, 0.5], shares, share_words),
        ([0, 0.5], shares, share_words),
        ([0.5, 1], shares, share_words),
        ([0.5, true], shares, share_words),
        (['0.5'], shares, share_words),
        ([], shares, list_words),
    ] -%}
        {%- do expect_equal(
            'the problem of ' ~ _var_text(value) ~ ' as ' ~ rule,
            _var_problem(value, rule), expected
        ) -%}
    {%- endfor -%}

    {%- set instant = {'kind': 'instant', 'null': true} -%}
    {%- set instant_words = "a date as 'YYYY-MM-DD', or an instant with its "
        ~ "offset as 'YYYY-MM-DDTHH:MM:SS+08:00'" -%}
    {%- for value, expected in [
        (none, none),
        ('2024-02-29', none),
        (day, none),
        ('2024-02-29T23:59:59+08:00', none),
        ('2024-02-29 23:59Z', none),
        ('2024-02-29T23:59:59.999999-10:00', none),
        (modules.datetime.datetime(
            2024, 2, 29, 12, tzinfo=modules.pytz.utc
        ), none),
        (noon, instant_words),
        ('2024-02-29T23:59:59', instant_words),
        ('2023-02-29T23:59:59Z', instant_words),
        ('2024-02-29T24:00:00Z', instant_words),
        ('2024-02-29T23:59:59+15:00', instant_words),
        ('2024-02-29Z', instant_words),
        ("2024-02-29T00:00Z' or true", instant_words),
        ('2024-02-29\n', instant_words),
        (20240229, instant_words),
    ] -%}
        {%- do expect_equal(
            'the problem of ' ~ _var_text(value) ~ ' as an instant',
            _var_problem(value, instant), expected
        ) -%}
    {%- endfor -%}

    {%- for lower, upper, may_be_equal, expected in [
        (1, 2, false, none),
        (2, 2, false, 'less than'),
        (2, 2, true, none),
        (9, 10, false, none),
        (10, 9, true, 'no more than'),
        (none, 1, false, none),
        (1, none, false, none),
        ('2024-01-31', day, true, none),
        (day, '2024-02-29', true, none),
        ('2024-03-01', day, true, 'no more than'),
        (day, '2024-02-29T00:00:00+08:00', true, none),
        (day, '2024-02-28T23:59:59+08:00', true, 'no more than'),
    ] -%}
        {%- do expect_equal(
            'the order of ' ~ _var_text(lower) ~ ' and ' ~ _var_text(upper),
            _order_problem(lower, upper, may_be_equal), expected
        ) -%}
    {%- endfor -%}

    {%- for value, expected in [
        ('x', "'x'"), (none, 'null'), (true, 'true'), (5, '5'),
        (day, '2024-02-29'), (['a', 1], "['a', 1]"),
    ] -%}
        {%- do expect_equal('the text', _var_text(value), expected) -%}
    {%- endfor -%}

    {#- Every rule has its var, and every default is right. -#}
    {%- for name in cst_var_rules() -%}
        {%- do expect_equal(name, cst_var(name), var(name)) -%}
    {%- endfor -%}

    {#- What becomes part of a query is one of a few values, or has a form. -#}
    {%- for name, rule in cst_var_rules().items()
        if rule.kind in ['text', 'list'] -%}
        {%- do expect_equal(
            'whether ' ~ name ~ ' is bounded',
            'values' in rule or 'pattern' in rule
            or rule.get('type') in ['integer', 'share'], true
        ) -%}
    {%- endfor -%}

    {#- Staging has statuses in lower case; a quote ends no text. -#}
    {%- do expect_values({
        is_one_of("'paid'", ['Shipped', 'PAID']): 'true',
        is_one_of("'pending'", ['paid', 'shipped']): 'false',
        is_one_of("'buyer''s'", ["Buyer's"]): 'true',
        is_one_of('cast(null as string)', ['paid']): none,
    }) -%}
{% endmacro %}
