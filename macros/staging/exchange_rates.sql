{% macro judged_exchange_rates() %}
    {#-
        A text and no model, as orders are judged by it, too: a model in front
        of the orders would make the longest path longer.
    -#}
    {%- set own_currency = cst_var('cst_currency_code') | upper -%}
    with

    {{ source_ctes('exchange_rate') }}

    renamed as {{ not_materialized() }} (

        select
            upper(currency_code) || ' ' || cast(rate_date as string)
                as rate_key,
            upper(currency_code) as currency_code,

            exchange_rate,

            rate_date,
            updated_at,
            ingested_at,

            {{ row_facts() }}

        from source

    ),

    validated_rows as (
    {{ validate_rows('renamed', hashed_row_text('exchange_rate'),
    'rate_key', 'updated_at', reject_reasons={
        'rate_not_positive': {'exchange_rate': 'exchange_rate <= 0'},
        'rate_of_own_currency': {
            'exchange_rate': "currency_code = '" ~ own_currency
                ~ "' and exchange_rate != 1"
        },
        'rate_in_the_future': {
            'rate_date': 'rate_date > ' ~ add_days(
                business_date('coalesce(ingested_at, updated_at)'), 366
            )
        },
    }) }}
    )

    select * from validated_rows
{% endmacro %}


{% macro exchange_rates() %}
    select
        currency_code as rated_currency_code,
        exchange_rate,
        rate_date as rated_from_date,
        coalesce(
            lead(rate_date) over (
                partition by currency_code order by rate_date
            ), {{ date_literal('9999-12-31') }}
        ) as rated_until_date

    from ({{ judged_exchange_rates() }}) as judged_exchange_rates

    where
        row_status = 'accepted'
        and currency_code != '{{ cst_var("cst_currency_code") | upper }}'
{% endmacro %}


{% macro rated_rows(relation, sold_at) %}
    {%- set sold_date = business_date(relation ~ '.' ~ sold_at) -%}
    {#- The rate at which people bought, whenever they paid. -#}
    select
        {{ relation }}.*,
        cast(
            case
                when {{ relation }}.currency_code is null then 1
                when
                    upper({{ relation }}.currency_code)
                    = '{{ cst_var("cst_currency_code") | upper }}'
                    then 1
                else exchange_rates.exchange_rate
            end as decimal(18, 10)
        ) as exchange_rate

    from {{ relation }}

    left join exchange_rates
        on
            upper({{ relation }}.currency_code)
            = exchange_rates.rated_currency_code
            and {{ sold_date }} >= exchange_rates.rated_from_date
            and {{ sold_date }} < exchange_rates.rated_until_date
{% endmacro %}


{% macro no_rate_reason() %}
    {{ return(
        'no_exchange_rate' if cst_source_is_enabled('exchange_rate')
        else 'other_currency'
    ) }}
{% endmacro %}


{% macro too_large(columns, rate) %}
    {%- set conditions = {} -%}
    {%- for column in columns -%}
        {%- do conditions.update({
            column: unrounded_amount(column, rate) ~ ' > '
                ~ cst_var('cst_largest_amount')
        }) -%}
    {%- endfor -%}
    {{ return(conditions) }}
{% endmacro %}
