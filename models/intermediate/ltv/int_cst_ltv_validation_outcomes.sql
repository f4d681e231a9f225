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

validation_outcomes as (

    select
        customers.customer_id,
        customers.snapshot_date,

        -- a purchase counts unless it was refunded in full by then
        count(
            case
                when
                    purchase_days.fully_refunded_date is null
                    or spans.validation_date < purchase_days.fully_refunded_date
                    then purchase_days.purchase_date
            end
        ) as realized_purchase_count

    from customers

    inner join spans
        on customers.snapshot_date = spans.snapshot_date

    left join purchase_days
        on
            customers.customer_id = purchase_days.customer_id
            and spans.snapshot_date < purchase_days.purchase_date
            and spans.validation_date >= purchase_days.purchase_date

    group by
        customers.customer_id,
        customers.snapshot_date

)

select * from validation_outcomes
