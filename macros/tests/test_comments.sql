{% macro test_comments() %}
    {%- do expect_equal(
        'comment_text',
        comment_text(
            'Days since\nthe purchase. 距今\n天数，\nrecency 近度；\n空值：没有。\n'
            ~ 'Null:\nnone.\n\n- one\n  line\n- `two`\n\n1. first\n\n'
            ~ '| a |\n|---|\n\n    select 1\n    from b\n'
        ),
        'Days since the purchase. 距今天数，recency 近度；空值：没有。 Null: none.'
        ~ '\n\n- one\n  line\n- `two`\n\n1. first\n\n| a |\n|---|\n\n'
        ~ '    select 1\n    from b',
    ) -%}
    {%- for description, expected in [
        ('Its name. 名称；空值：\n没有。 Null: none.', 'Its name. 名称；空值：没有。'),
        ('Lists.\n\n名单。\n\n**Grain:** list.', 'Lists.\n\n名单。'),
        ('No words\nin Chinese.\n\nMore.', 'No words in Chinese.'),
    ] -%}
        {%- do expect_equal(
            'short_comment_text', short_comment_text(description), expected
        ) -%}
    {%- endfor -%}
    {%- set text = "its 'own', 积分 \\ \\n {points} ${HOME} {{ x }}\n-- next; */" -%}
    {%- do expect_rows(
        'comment_literal', 'select ' ~ comment_literal(text) ~ ' as text',
        [[text]],
    ) -%}
{% endmacro %}
