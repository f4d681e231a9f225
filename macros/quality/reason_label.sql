{% macro reason_label(reason_code, label, language) %}
{%- set prefixes = {
    'zh': [('missing_', '缺少 '), ('unreadable_', '无法读取 ')],
    'en': [('missing_', 'Missing '), ('unreadable_', 'Cannot read ')],
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
