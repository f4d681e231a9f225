with

refunds as (

    select * from {{ ref('base_trd__refunds') }}

    where
        row_status = 'accepted'
        and not {{ is_unpaid_refund('refund_status') }}

),

paid_refunds as (

    select
        refund_id,
        order_id,
        item_id,
        customer_id,

        refund_reason,

        refund_amount,

        refunded_date,

        refunded_at,
        updated_at

    from refunds

)

select * from paid_refunds
