with

-- a refund belongs to its purchase: it leaves the window with it
ledger_entries as (

    select
        customer_id,
        purchase_date as business_date,
        posted_date as known_date,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(refund_amount) as refund_amount

    from {{ ref('int_cst_ledger_entries') }}

    group by
        customer_id,
        purchase_date,
        posted_date

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

steps as (

    {{ window_steps([90]) }}

),

entries_on_snapshots as (

    select
        ledger_entries.customer_id,

        ledger_entries.gross_amount,
        ledger_entries.discount_amount,
        ledger_entries.refund_amount,
        steps.change_90d,

        {{ step_snapshot('ledger_entries', 'steps', 'snapshot_bounds') }}
            as snapshot_date

    from ledger_entries

    cross join steps

    cross join snapshot_bounds

),

changes_by_snapshot as (

    select
        customer_id,
        snapshot_date,
        sum(gross_amount * change_90d) as gross_amount_change,
        sum(discount_amount * change_90d) as discount_amount_change,
        sum(refund_amount * change_90d) as refund_amount_change

    from entries_on_snapshots

    where snapshot_date is not null

    group by
        customer_id,
        snapshot_date

),

running_totals as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        sum(coalesce(changes_by_snapshot.gross_amount_change, 0))
            over to_date as gross_amount,
        sum(coalesce(changes_by_snapshot.discount_amount_change, 0))
            over to_date as discount_amount,
        sum(coalesce(changes_by_snapshot.refund_amount_change, 0))
            over to_date as refund_amount

    from customers_on_snapshots

    left join changes_by_snapshot
        on
            customers_on_snapshots.customer_id
            = changes_by_snapshot.customer_id
            and customers_on_snapshots.snapshot_date
            = changes_by_snapshot.snapshot_date

    window to_date as (
        partition by customers_on_snapshots.customer_id
        order by customers_on_snapshots.snapshot_date
        rows between unbounded preceding and current row
    )

),

purchase_windows as (

    select
        customer_id,
        snapshot_date,
        cast(gross_amount as decimal(18, 2)) as gross_amount_90d,
        cast(discount_amount as decimal(18, 2)) as discount_amount_90d,
        {% if cst_source_is_enabled('refund') -%}
        cast(refund_amount as decimal(18, 2)) as refund_amount_90d
        {%- else -%}
        -- without its source nothing is known, which is not nothing
        cast(null as decimal(18, 2)) as refund_amount_90d
        {%- endif %}

    from running_totals

)

select * from purchase_windows
