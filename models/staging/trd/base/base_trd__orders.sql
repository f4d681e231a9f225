{%- set currency_code = cst_var('cst_currency_code') | upper -%}

with

source as (

    select * from {{ cst_source('order') }}

),

-- a payment long before its order is that of another one, or a default date
plausible_payments as (

    select
        {{ all_but('source', ['paid_at', 'flags']) }},
        case
            when {{ is_well_after('ordered_at', 'paid_at') }} then null
            else paid_at
        end as paid_at,
        nullif(concat_ws(
            ',',
            flags,
            case
                when {{ is_well_after('ordered_at', 'paid_at') }}
                    then 'paid_before_ordered'
            end
        ), '') as flags

    from source

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

    from plausible_payments

),

order_days as (
{{ usual_days('renamed', 'ordered_date') }}
),

validated_rows as (
{{ validate_rows('renamed', 'order_id', 'updated_at', reject_reasons={
    'negative_amount': {
        'order_amount': 'order_amount < 0',
        'discount_amount': 'discount_amount < 0',
        'freight_amount': 'freight_amount < 0',
    },
    'other_currency': {
        'currency_code': "currency_code != '" ~ currency_code ~ "'"
    },
    'ordered_in_the_future': {'ordered_at': is_in_the_future('ordered_at')},
    'paid_in_the_future': {'paid_at': is_in_the_future('paid_at')},
    'implausible_ordered_at': {'ordered_at': is_outside_usual_days(
        'ordered_date', 'order_days',
        is_start_given=cst_var('cst_start_date') is not none,
    )},
}, flags={
    'guest_order': 'customer_id is null',
    'dated_ahead': is_after_usual_days('ordered_date', 'order_days'),
}, later_first=[
    order_status_rank('order_status'), 'paid_at',
], identity=["coalesce(customer_id, '')", 'ordered_at']) }}
)

select * from validated_rows
