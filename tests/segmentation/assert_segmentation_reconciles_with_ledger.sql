with

ledger as (

    select
        snapshot_dates.snapshot_date,
        sum(ledger_entries.gross_amount - ledger_entries.refund_amount)
            as net_amount,
        sum(ledger_entries.order_count) as order_count

    from {{ ref('int_cst_snapshots_due') }} as snapshot_dates

    inner join {{ ref('int_cst_ledger_entries') }} as ledger_entries
        on snapshot_dates.snapshot_date >= ledger_entries.posted_date

    where snapshot_dates.is_due

    group by snapshot_dates.snapshot_date

),

segmentation as (

    select
        snapshot_date,
        sum(lifetime_net_amount) as net_amount,
        sum(lifetime_order_count) as order_count

    from {{ ref('int_cst_segmentation') }}

    group by snapshot_date

)

select
    ledger.snapshot_date,
    ledger.net_amount,
    segmentation.net_amount as segmentation_net_amount,
    ledger.order_count,
    segmentation.order_count as segmentation_order_count

from ledger

left join segmentation
    on ledger.snapshot_date = segmentation.snapshot_date

where
    segmentation.snapshot_date is null
    or ledger.net_amount != segmentation.net_amount
    or ledger.order_count != segmentation.order_count
