with

source as (

    select * from {{ cst_source('order') }}

),

renamed as (

    select
        order_id,
        customer_id,
        campaign_id,

        lower(order_status) as order_status,
        lower(order_channel) as order_channel,
        upper(currency_code) as currency_code,

        order_amount,
        coalesce(discount_amount, 0) as discount_amount,
        coalesce(freight_amount, 0) as freight_amount,

        {{ business_date('ordered_at') }} as ordered_date,
        {{ business_date('coalesce(paid_at, ordered_at)') }} as purchase_date,

        ordered_at,
        paid_at,
        coalesce(paid_at, ordered_at) as purchased_at,
        updated_at,
        ingested_at,

        contract_problem,
        problem_column,
        problem_value,
        flags,
        row_text,
        has_null_text,
        has_nobody_id

    from source

),

validated_rows as (
{{ validate_rows('renamed', 'order_id', 'updated_at', reject_reasons={
    'negative_amount':
        'order_amount < 0 or discount_amount < 0 or freight_amount < 0',
    'other_currency':
        "currency_code != '" ~ cst_var('cst_currency_code') | upper ~ "'",
    'ordered_in_the_future': is_in_the_future('ordered_at', 'updated_at'),
    'paid_in_the_future': is_in_the_future('paid_at', 'updated_at'),
}) }}
)

select * from validated_rows
