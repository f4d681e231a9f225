with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

    where is_due

),

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

window_days as (
    {{ window_days() }}
),

-- a refund belongs to its purchase: it leaves the window with it
entries_in_window as (

    select
        ledger_entries.customer_id,
        window_days.snapshot_date,
        {%- for days in [7, 30, 90] %}
        count(
            case
                when {{ days_between(
                    'ledger_entries.purchase_date',
                    'window_days.snapshot_date'
                ) }} < {{ days }} and ledger_entries.entry_type = 'purchase'
                    then 1
            end
        ) as order_count_{{ days }}d,
        {%- endfor %}
        sum(ledger_entries.gross_amount) as gross_amount,
        sum(ledger_entries.discount_amount) as discount_amount,
        sum(ledger_entries.refund_amount) as refund_amount

    from ledger_entries

    inner join window_days
        on
            ledger_entries.purchase_date = window_days.business_date
            and ledger_entries.posted_date <= window_days.snapshot_date

    group by
        ledger_entries.customer_id,
        window_days.snapshot_date

),

purchase_windows as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for days in [7, 30, 90] %}
        coalesce(entries_in_window.order_count_{{ days }}d, 0)
            as order_count_{{ days }}d,
        {%- endfor %}
        cast(
            coalesce(entries_in_window.gross_amount, 0) as decimal(24, 2)
        ) as gross_amount_90d,
        cast(
            coalesce(entries_in_window.discount_amount, 0) as decimal(24, 2)
        ) as discount_amount_90d,
        -- without their source refunds are unknown, which is not 0
        cast(
            {{ 'coalesce(entries_in_window.refund_amount, 0)'
                if cst_source_is_enabled('refund') else 'null' }}
            as decimal(24, 2)
        ) as refund_amount_90d

    from customers_on_snapshots

    left join entries_in_window
        on
            customers_on_snapshots.customer_id
            = entries_in_window.customer_id
            and customers_on_snapshots.snapshot_date
            = entries_in_window.snapshot_date

)

select * from purchase_windows
