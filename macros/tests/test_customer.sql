{% macro test_customer() %}
    {%- do expect_equal(
        'columns of consent', consents(),
        ['contact_consent', 'consent_sms', 'consent_email', 'consent_wecom',
         'consent_push', 'consent_phone']
    ) -%}
    {%- do expect_equal(
        'columns of consent of channels', channel_consents(), consents()[1:]
    ) -%}
    {%- do expect_equal(
        'channels with an address', contact_channels().items()
        | selectattr(1) | map('join', ': ') | list,
        ['sms: mobile', 'email: email', 'phone: mobile']
    ) -%}
    {%- set stated -%}
        select
            {{ stated_consent('consent_sms') }},
            {{ stated_consent('consent_email') }}
        from (
            select
                1 as line, true as consent_sms, false as consent_email,
                cast(null as string) as flags
            union all
            select 2, null, true, 'unreadable_consent_sms'
            union all
            select 3, null, true, 'unreadable_is_deleted'
            union all
            select 4, null, null, 'unreadable_contact_consent'
        ) as delivered
        order by line
    {%- endset -%}
    {%- do expect_rows('consents as a row states them', stated, [
        ['granted', 'refused'],
        ['refused', 'granted'],
        ['refused', 'refused'],
        [none, none],
    ]) -%}
    {%- do expect_values({
        has_consent("'granted'"): 'true',
        has_consent("'unknown'"):
            'true' if cst_var('cst_unknown_consent_is_granted') else 'false',
        has_consent("'refused'"): 'false',
        masked_email("'anna.li@example.com'"): 'a***@***',
        masked_email("'李小明@例子.公司'"): '李***@***',
        masked_email("'ann@example.com'"): 'a***@***',
        masked_email("'li@example.com'"): '***',
        masked_email("'@'"): '***',
        masked_email("'13800000000'"): '***',
        masked_email('cast(null as string)'): none,
        masked_mobile("'+86 138 0000 1234'"): '***34',
        masked_mobile("'1234567'"): '***67',
        masked_mobile("'123456'"): '***',
        masked_mobile('cast(null as string)'): none,
        comparable_mobile("'+86 (138) 0000-1234'"): '3800001234',
        comparable_mobile("'138/0000–1234'"): '3800001234',
        comparable_mobile("'１３８　００００　１２３４'"): '3800001234',
        comparable_mobile("'123-456'"): '123456',
        comparable_mobile("'-'"): none,
        comparable_mobile('cast(null as string)'): none,
        is_implausible_birth_date(
            date_literal('1900-01-01'), date_literal('2025-01-01')
        ): 'true',
        is_implausible_birth_date(
            date_literal('1900-01-02'), date_literal('2025-01-01')
        ): 'false',
        is_implausible_birth_date(
            date_literal('2025-01-01'), date_literal('2025-01-01')
        ): 'false',
        is_implausible_birth_date(
            date_literal('2025-01-02'), date_literal('2025-01-01')
        ): 'true',
        attributes_hash(["'a'", '1.50', 'cast(null as string)']):
            '5c833420cd0c7e3a521b41d37a851ed7',
    }) -%}
    {#- md5('1:a4:1.50-') is the last one. Each pair differs. -#}
    {%- for one, other in [
        (["'Saint'", "'Denis-Reunion'"], ["'Saint-Denis'", "'Reunion'"]),
        (["'a'", 'cast(null as string)'], ['cast(null as string)', "'a'"]),
        (["'-'"], ['cast(null as string)']),
        (["''"], ['cast(null as string)']),
        (["'_dbt_utils_surrogate_key_null_'"], ['cast(null as string)']),
        (["'a1:b'", "''"], ["'a'", "'b'"]),
        (["'a|'", "'b'"], ["'a'", "'|b'"]),
    ] -%}
        {%- do expect_values({
            attributes_hash(one) ~ ' = ' ~ attributes_hash(other): 'false'
        }) -%}
    {%- endfor -%}

    {%- do expect_equal(
        'any_channel', any_channel('is_'),
        'is_sms or is_email or is_wecom or is_push or is_phone'
    ) -%}
{% endmacro %}
