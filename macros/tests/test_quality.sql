{% macro test_quality() %}
    {%- do expect_values({
        reason_label("'other_currency'", "'Other'", 'en'): 'Other',
        reason_label("'missing_order_id'", 'null', 'en'): 'Missing order_id',
        reason_label("'missing_order_id'", 'null', 'zh'): '缺少 order_id',
        reason_label("'unreadable_paid_at'", 'null', 'en'):
            'Cannot read paid_at',
        reason_label("'unreadable_paid_at'", 'null', 'zh'): '无法读取 paid_at',
        reason_label("'new_reason'", 'null', 'en'): none,
        reason_label('cast(null as string)', 'null', 'en'): none,
    }) -%}
{% endmacro %}
