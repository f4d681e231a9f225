{%- set window_days = cst_var('rfm_window_days') -%}

with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

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

-- every booking enters at the first snapshot on or after it and leaves at the
-- first one past its purchase's window: one pass, however many snapshots
entries_on_snapshots as (

    select
        ledger_entries.customer_id,

        ledger_entries.order_count,
        ledger_entries.gross_amount - ledger_entries.refund_amount
            as net_amount,
        ledger_entries.refund_amount,

        {{ snapshot_on_or_after(
            'ledger_entries.posted_date', 'snapshot_bounds'
        ) }} as enters_on,
        {% if window_days is none -%}
        cast(null as date) as leaves_on
        {%- else -%}
        {{ snapshot_on_or_after(
            add_days('ledger_entries.purchase_date', window_days),
            'snapshot_bounds'
        ) }} as leaves_on
        {%- endif %}

    from ledger_entries

    cross join snapshot_bounds

),

changes as (

    select
        customer_id,
        enters_on as snapshot_date,
        order_count as lifetime_order_change,
        net_amount as lifetime_amount_change,
        order_count as window_order_change,
        net_amount as window_amount_change,
        refund_amount as new_refund_amount,
        greatest(order_count, 0) as new_order_count,
        greatest(-order_count, 0) as new_fully_refunded_order_count

    from entries_on_snapshots

    where enters_on is not null

    union all

    -- a refund of an order that has left the window changes nothing in it
    select
        customer_id,
        greatest(leaves_on, enters_on) as snapshot_date,
        0 as lifetime_order_change,
        0 as lifetime_amount_change,
        -order_count as window_order_change,
        -net_amount as window_amount_change,
        0 as new_refund_amount,
        0 as new_order_count,
        0 as new_fully_refunded_order_count

    from entries_on_snapshots

    where
        enters_on is not null
        and leaves_on is not null

),

changes_by_snapshot as (

    select
        customer_id,
        snapshot_date,
        sum(lifetime_order_change) as lifetime_order_change,
        sum(lifetime_amount_change) as lifetime_amount_change,
        sum(window_order_change) as window_order_change,
        sum(window_amount_change) as window_amount_change,
        sum(new_refund_amount) as new_refund_amount,
        sum(new_order_count) as new_order_count,
        sum(new_fully_refunded_order_count) as new_fully_refunded_order_count

    from changes

    group by
        customer_id,
        snapshot_date

)

select * from changes_by_snapshot
