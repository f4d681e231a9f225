with

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

refunds_booked as (

    select * from {{ ref('int_cst_refunds_booked') }}

),

purchase_bookings as (

    select
        order_id as booking_id,
        customer_id,
        order_id,

        'purchase' as booking_type,

        cast(1 as bigint) as order_count,
        order_amount as gross_amount,
        discount_amount,
        cast(0 as decimal(18, 2)) as refund_amount,

        purchase_date,
        purchase_date as booking_date

    from purchases

),

-- an order refunded in full is no purchase from that date on
refund_bookings as (

    select
        refund_id as booking_id,
        customer_id,
        order_id,

        'refund' as booking_type,

        cast(case when is_full_refund then -1 else 0 end as bigint)
            as order_count,
        cast(0 as decimal(18, 2)) as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        booked_amount as refund_amount,

        purchase_date,
        booking_date

    from refunds_booked

),

order_bookings as (

    select * from purchase_bookings

    union all

    select * from refund_bookings

)

select * from order_bookings
