{% macro reason_label(reason_code, label, language) %}
{%- set prefixes = {
    'zh': [
        ('missing_', '缺少 '), ('unreadable_', '无法读取 '),
        ('implausible_', '不可信 '), ('no_purchase_', '订单状态不算购买：'),
    ],
    'en': [
        ('missing_', 'Missing '), ('unreadable_', 'Cannot read '),
        ('implausible_', 'Implausible '),
        ('no_purchase_', 'Order status is no purchase: '),
    ],
} -%}
{%- if language not in prefixes -%}
    {{ exceptions.raise_compiler_error(
        "reason_label: 'language' must be zh or en, got " ~ language
    ) }}
{%- endif -%}
    case
        when {{ label }} is not null then {{ label }}
        {%- for prefix, words in prefixes[language] %}
        when {{ reason_code }} like '{{ prefix }}%'
            then concat(
                '{{ words }}',
                substr({{ reason_code }}, {{ prefix | length + 1 }})
            )
        {%- endfor %}
    end
{%- endmacro %}
