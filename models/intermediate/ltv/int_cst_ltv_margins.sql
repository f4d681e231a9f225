with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

    where entry_type = 'purchase'

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

sales_by_day as (

    select
        purchase_date,
        sum(gross_amount) as gross_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(case when gross_profit_amount is not null then gross_amount end)
            as profit_gross_amount

    from ledger_entries

    group by purchase_date

),

-- as it was sold: what comes back later was not known then
margins as (

    select
        snapshot_dates.snapshot_date,
        cast(sum(sales_by_day.gross_profit_amount) as double)
        / nullif(sum(sales_by_day.profit_gross_amount), 0)
            as gross_margin_rate,
        cast(coalesce(sum(sales_by_day.profit_gross_amount), 0) as double)
        / nullif(sum(sales_by_day.gross_amount), 0) as margin_coverage_share

    from snapshot_dates

    inner join sales_by_day
        on
            snapshot_dates.snapshot_date >= sales_by_day.purchase_date
            and snapshot_dates.snapshot_date
            < {{ add_days(
                'sales_by_day.purchase_date', cst_var('ltv_horizon_days')
            ) }}

    group by snapshot_dates.snapshot_date

)

select * from margins
