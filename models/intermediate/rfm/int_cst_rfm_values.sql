{#- null: nothing ever leaves the window, as 99,999 days are 273 years -#}
{%- set window_days = cst_var('rfm_window_days') or 99999 -%}

with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

order_dates as (

    select * from {{ ref('int_cst_order_dates') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

newest_snapshot as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- an entry counts from its own date on, and leaves the window with its purchase
steps as (

    select 0 as step_days

    union all

    select {{ window_days }} as step_days

),

entries_by_step as (

    select
        ledger_entries.customer_id,
        {{ snapshot_on_or_after(
            'greatest(ledger_entries.posted_date, '
            ~ add_days('ledger_entries.purchase_date', 'steps.step_days') ~ ')',
            'newest_snapshot'
        ) }} as snapshot_date,
        ledger_entries.order_count,
        ledger_entries.refund_amount,
        ledger_entries.gross_amount - ledger_entries.refund_amount
            as net_amount,
        steps.step_days = 0 as is_entering,
        case when steps.step_days = 0 then 1 else -1 end as window_change

    from ledger_entries

    cross join steps

    cross join newest_snapshot

),

changes as (

    select
        customer_id,
        snapshot_date,
        -- half as wide as the sum itself, where all rows wait for their window
        cast(
            sum(greatest(order_count, 0)) filter (where is_entering) as bigint
        ) as new_order_count,
        cast(
            sum(greatest(-order_count, 0)) filter (where is_entering) as bigint
        ) as new_fully_refunded_order_count,
        sum(refund_amount) filter (where is_entering) as new_refund_amount,
        cast(
            sum(order_count) filter (where is_entering) as bigint
        ) as order_count,
        sum(net_amount) filter (where is_entering) as net_amount,
        cast(sum(order_count * window_change) as bigint) as window_order_count,
        sum(net_amount * window_change) as window_net_amount

    from entries_by_step

    where snapshot_date is not null

    group by
        customer_id,
        snapshot_date

),

-- running sums give all snapshots in one pass over the orders
running_totals as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        customers_on_snapshots.previous_snapshot_date,
        customers_on_snapshots.is_due,
        customers_on_snapshots.is_needed,

        sum(changes.window_order_count) over to_date as frequency,
        sum(changes.window_net_amount) over to_date as monetary_amount,
        sum(changes.order_count) over to_date as lifetime_order_count,
        sum(changes.net_amount) over to_date as lifetime_net_amount,
        changes.new_order_count,
        changes.new_fully_refunded_order_count,
        changes.new_refund_amount,

        least(
            min(order_dates.first_unrefunded_date) over to_date,
            order_dates.first_refunded_later_date
        ) as first_order_date,
        greatest(
            max(order_dates.last_unrefunded_date) over to_date,
            order_dates.last_refunded_later_date
        ) as last_order_date

    from customers_on_snapshots

    left join changes
        on
            customers_on_snapshots.customer_id = changes.customer_id
            and customers_on_snapshots.snapshot_date = changes.snapshot_date

    left join order_dates
        on
            customers_on_snapshots.customer_id = order_dates.customer_id
            and customers_on_snapshots.snapshot_date = order_dates.snapshot_date

    window to_date as (
        partition by customers_on_snapshots.customer_id
        order by customers_on_snapshots.snapshot_date
        rows between unbounded preceding and current row
    )

),

rfm_values as (

    select
        customer_id,
        snapshot_date,
        previous_snapshot_date,
        is_due,
        is_needed,

        {{ days_between('last_order_date', 'snapshot_date') }} as recency_days,
        cast(coalesce(frequency, 0) as bigint) as frequency,
        cast(coalesce(monetary_amount, 0) as decimal(24, 2)) as monetary_amount,

        cast(coalesce(lifetime_order_count, 0) as bigint)
            as lifetime_order_count,
        cast(coalesce(lifetime_net_amount, 0) as decimal(24, 2))
            as lifetime_net_amount,
        cast(coalesce(new_order_count, 0) as bigint) as new_order_count,
        cast(coalesce(new_fully_refunded_order_count, 0) as bigint)
            as new_fully_refunded_order_count,
        cast(coalesce(new_refund_amount, 0) as decimal(24, 2))
            as new_refund_amount,

        first_order_date,
        last_order_date

    from running_totals

)

select * from rfm_values
