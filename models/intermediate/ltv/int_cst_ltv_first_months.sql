with

acquisitions as (

    select * from {{ ref('int_cst_ltv_acquisitions') }}

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

first_months as (

    select
        acquisitions.acquisition_month,
        ledger_entries.posted_date,

        cast(sum(ledger_entries.gross_amount) as decimal(24, 2))
            as gross_amount,
        cast(sum(ledger_entries.refund_amount) as decimal(24, 2))
            as refund_amount

    from ledger_entries

    inner join acquisitions
        on
            ledger_entries.customer_id = acquisitions.customer_id
            and last_day(ledger_entries.posted_date)
            = last_day(acquisitions.acquisition_month)

    group by
        acquisitions.acquisition_month,
        ledger_entries.posted_date

)

select * from first_months
