with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

spans as (

    select * from {{ ref('int_cst_ltv_spans') }}

    where validation_date is not null

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

-- a purchase counts unless it was refunded in full by then
realized_purchases as (

    select
        spans.snapshot_date,
        purchase_days.customer_id,
        count(*) as purchase_count

    from spans

    inner join purchase_days
        on
            spans.snapshot_date < purchase_days.purchase_date
            and spans.validation_date >= purchase_days.purchase_date
            and (
                purchase_days.fully_refunded_date is null
                or spans.validation_date < purchase_days.fully_refunded_date
            )

    group by
        spans.snapshot_date,
        purchase_days.customer_id

),

validated_customers as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.acquisition_month,

        customers.repeat_count,
        customers.days_to_last_purchase,
        customers.days_observed,
        customers.window_net_amount,

        coalesce(realized_purchases.purchase_count, 0)
            as realized_purchase_count,

        spans.validation_date,
        spans.validation_days

    from customers

    inner join spans
        on customers.snapshot_date = spans.snapshot_date

    left join realized_purchases
        on
            customers.customer_id = realized_purchases.customer_id
            and customers.snapshot_date = realized_purchases.snapshot_date

)

select * from validated_customers
