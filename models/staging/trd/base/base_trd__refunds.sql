{%- set running_statuses = cst_var('cst_running_refund_statuses') -%}
{%- set is_running = is_one_of('refund_status', running_statuses) -%}
{%- set is_void = 'not ' ~ is_running ~ ' and ' ~ is_one_of(
    'refund_status', cst_var('cst_void_refund_statuses')
) -%}

with

{{ source_ctes('refund', 'refunded_at') }}

renamed as {{ not_materialized() }} (

    select
        refund_id,
        order_id,
        item_id,
        customer_id,

        refund_reason,
        lower(refund_status) as refund_status,

        refund_amount,

        {{ business_date('refunded_at') }} as refunded_date,

        refunded_at,
        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('refund'),
'refund_id', 'updated_at', reject_reasons={
    'missing_order_and_customer': 'order_id is null and customer_id is null',
    'refund_not_positive': {'refund_amount': 'refund_amount <= 0'},
    'refunded_in_the_future': {'refunded_at': is_in_the_future('refunded_at')},
}, flags={'refund_running': is_running, 'refund_void': is_void},
time=['refunded_at', 'refunded_date'], has_first_day=false, later_first=[
    'refunded_at', 'case when ' ~ is_running ~ ' then 0 else 1 end',
    'refund_amount',
],
identity=["coalesce(order_id, customer_id)", 'refunded_at']) }}
)

select * from validated_rows
