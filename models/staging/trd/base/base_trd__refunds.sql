with

source as (

    select * from {{ cst_source('refund') }}

),

renamed as (

    select
        refund_id,
        order_id,

        refund_reason,

        refund_amount,

        {{ business_date('refunded_at') }} as refunded_date,

        refunded_at,
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
{{ validate_rows('renamed', 'refund_id', 'updated_at', reject_reasons={
    'refund_not_positive': 'refund_amount <= 0',
    'refunded_in_the_future': is_in_the_future('refunded_at', 'updated_at'),
}) }}
)

select * from validated_rows
