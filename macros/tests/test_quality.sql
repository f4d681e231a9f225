{% macro test_quality() %}
    {%- do expect_values({
        reason_label("'other_currency'", "'Other'", 'en'): 'Other',
        reason_label("'missing_order_id'", 'null', 'en'): 'Missing order_id',
        reason_label("'missing_order_id'", 'null', 'zh'): '缺少 order_id',
        reason_label("'unreadable_paid_at'", 'null', 'en'):
            'Cannot read paid_at',
        reason_label("'unreadable_paid_at'", 'null', 'zh'): '无法读取 paid_at',
        reason_label("'implausible_paid_at'", 'null', 'en'):
            'Implausible paid_at',
        reason_label("'implausible_paid_at'", 'null', 'zh'): '不可信 paid_at',
        reason_label("'no_purchase_open'", 'null', 'en'):
            'Order status is no purchase: open',
        reason_label("'no_purchase_open'", 'null', 'zh'):
            '订单状态不算购买：open',
        reason_label("'new_reason'", 'null', 'en'): none,
        reason_label('cast(null as string)', 'null', 'en'): none,
        percent_text('0.2'): '20.0 %',
        percent_text('cast(2 as double) / 3'): '66.7 %',
        change_share('50', '100'): '0.5',
        change_share('200', '100'): '0.5',
        change_share('0', '100'): '1.0',
        change_share('100', '100'): '0.0',
        change_share('0', '0'): none,
        change_text('49', '100'):
            '51.0 % fewer than the 100 of the last published run',
        change_text('250', '100'):
            '150.0 % more than the 100 of the last published run',
    }) -%}

    {%- set items -%}
        select item
        from (
            select {{ split_items("'guest_order,null_text'") }} as item
            union all
            select {{ split_items("'nobody_id'") }} as item
        ) as items
        order by item
    {%- endset -%}
    {%- do expect_rows('items of texts', items, [
        ['guest_order'], ['nobody_id'], ['null_text'],
    ]) -%}

    {%- set rows -%}
        (
            select 1 as id, 0 as a, 5 as b, 0.1 as share
            union all
            select 2 as id, null as a, null as b, null as share
            union all
            select 3 as id, 4 as a, null as b, 1.0 as share
            union all
            select 4 as id, -1 as a, 6 as b, 0.0 as share
            union all
            select 5 as id, 2 as a, 1 as b, 1.1 as share
        ) as rows_to_test
    {%- endset -%}
    {%- do expect_rows(
        'rows with nulls',
        'select faulty_columns, id from ('
        ~ test_not_null_columns(rows, ['id', 'a', 'b'])
        ~ ') as found order by id',
        [['a, b', '2'], ['b', '3']]
    ) -%}
    {%- do expect_rows(
        'rows out of range',
        'select faulty_columns, id from (' ~ test_columns_in_range(rows, [
            {'min_value': 0, 'columns': ['a', 'b']},
            {'max_value': 5, 'columns': ['b']},
            {'max_value': 'b', 'columns': ['a']},
            {'min_value': 0, 'max_value': 1.1, 'inclusive': false,
             'columns': ['share']},
        ]) ~ ') as found order by id',
        [['a, b, share', '4'], ['a, share', '5']]
    ) -%}
{% endmacro %}
