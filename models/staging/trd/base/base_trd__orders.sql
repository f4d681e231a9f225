{#- A payment long before its order is that of another one, or a default. -#}
{%- set paid_at =
    'case when not ' ~ is_well_after('ordered_at', 'paid_at')
    ~ ' then paid_at end' -%}

with

exchange_rates as (
    {{ exchange_rates() }}
),

{{ source_ctes('order', 'ordered_at') }}

rated_orders as {{ not_materialized() }} (
    {{ rated_rows('source', 'ordered_at') }}
),

renamed as {{ not_materialized() }} (

    select
        order_id,
        customer_id,
        campaign_id,
        shop_id,
        coupon_code,

        shop_name,
        lower(order_status) as order_status,
        lower(order_channel) as order_channel,
        upper(currency_code) as currency_code,

        exchange_rate,
        order_amount,
        coalesce(discount_amount, coupon_amount, 0) as discount_amount,
        coalesce(coupon_amount, 0) as coupon_amount,
        coalesce(freight_amount, 0) as freight_amount,

        {{ is_well_after('ordered_at', 'paid_at') }} as is_paid_before_ordered,
        {{ business_date('ordered_at') }} as ordered_date,
        {{ business_date('coalesce(' ~ paid_at ~ ', ordered_at)') }}
            as purchase_date,

        ordered_at,
        {{ paid_at }} as paid_at,
        coalesce({{ paid_at }}, ordered_at) as purchased_at,
        updated_at,
        ingested_at,

        {{ row_facts() }}

    from rated_orders

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('order'),
'order_id', 'updated_at', reject_reasons={
    'negative_amount': {
        'order_amount': 'order_amount < 0',
        'discount_amount': 'discount_amount < 0',
        'coupon_amount': 'coupon_amount < 0',
        'freight_amount': 'freight_amount < 0',
    },
    no_rate_reason(): {'currency_code': 'exchange_rate is null'},
    'implausible_amount': too_large([
        'order_amount', 'discount_amount', 'coupon_amount', 'freight_amount',
    ], 'exchange_rate'),
    'ordered_in_the_future': {'ordered_at': is_in_the_future('ordered_at')},
    'paid_in_the_future': {'paid_at': is_in_the_future('paid_at')},
}, flags={
    'guest_order': 'customer_id is null',
    'paid_before_ordered': 'is_paid_before_ordered',
    'coupon_above_discount': 'coupon_amount > discount_amount',
}, time=['ordered_at', 'ordered_date'],
has_first_day=cst_var('cst_start_date') is none, later_first=[
    order_status_rank('order_status'), 'paid_at',
], identity=["coalesce(customer_id, '')", 'ordered_at']) }}
)

select * from validated_rows
