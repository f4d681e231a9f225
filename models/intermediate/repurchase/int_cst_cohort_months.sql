with

first_purchases as (

    select * from {{ ref('int_cst_first_purchases') }}

),

first_purchase_cuts as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_purchase_date') }} as date)
            as cohort_month

    from {{ ref('int_cst_first_purchase_cuts') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

-- an order refunded in full by the as-of date retains nobody, and a purchase on
-- the day of the first one, as of a split basket, is no return
entries_by_month as (

    select
        purchases.customer_id,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)
            as activity_month,
        bool_or(
            ledger_entries.order_count > 0
            and ledger_entries.posted_date
            > first_purchases.first_purchase_date
        ) as is_retained,
        sum(greatest(ledger_entries.order_count, 0)) as order_count,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount

    from purchases

    inner join first_purchases
        on
            purchases.customer_id = first_purchases.customer_id
            and purchases.purchase_date <= first_purchases.as_of_date
            and (
                purchases.fully_refunded_date is null
                or purchases.fully_refunded_date > first_purchases.as_of_date
            )

    inner join ledger_entries
        on
            purchases.order_id = ledger_entries.order_id
            and first_purchases.as_of_date >= ledger_entries.posted_date

    group by
        purchases.customer_id,
        cast({{ dbt.date_trunc(
            'month', 'ledger_entries.posted_date'
        ) }} as date)

),

cohort_months as (

    select
        first_purchase_cuts.cut_code,
        first_purchase_cuts.cut_value,
        first_purchase_cuts.cohort_month,
        entries_by_month.activity_month,

        count(
            case
                when
                    entries_by_month.activity_month
                    = first_purchase_cuts.cohort_month
                    then 1
            end
        ) as new_customer_count,
        count(case when entries_by_month.is_retained then 1 end)
            as retained_customer_count,
        cast(sum(entries_by_month.order_count) as bigint) as order_count,
        cast(sum(entries_by_month.net_amount) as decimal(24, 2)) as net_amount

    from entries_by_month

    inner join first_purchase_cuts
        on entries_by_month.customer_id = first_purchase_cuts.customer_id

    group by
        first_purchase_cuts.cut_code,
        first_purchase_cuts.cut_value,
        first_purchase_cuts.cohort_month,
        entries_by_month.activity_month

)

select * from cohort_months
