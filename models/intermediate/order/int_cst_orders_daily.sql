with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

orders_daily as (

    select
        customer_id,
        posted_date as business_date,

        cast(sum(greatest(order_count, 0)) as bigint) as order_count,
        cast(sum(greatest(-order_count, 0)) as bigint)
            as fully_refunded_order_count,

        cast(sum(gross_amount) as decimal(24, 2)) as gross_amount,
        cast(sum(discount_amount) as decimal(24, 2)) as discount_amount,
        cast(sum(refund_amount) as decimal(24, 2)) as refund_amount,
        cast(sum(gross_amount - refund_amount) as decimal(24, 2)) as net_amount

    from ledger_entries

    group by
        customer_id,
        posted_date

)

select * from orders_daily
