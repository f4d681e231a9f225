{%- set windows = retention_contract_windows() -%}
{%- set longest_measured = retention_windows() | max -%}

with

ledger_entries as (

    select * from {{ ref('int_cst_ledger_entries') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

lists as (

    select * from {{ ref('int_cst_windows_closed') }}

),

-- a refund counts only together with its purchase: money returned for an
-- older order is not the outcome of anything since
entries_in_windows as (

    select
        ledger_entries.customer_id,
        lists.snapshot_date,

        {{ days_between(
            'lists.snapshot_date', 'ledger_entries.posted_date'
        ) }} as on_day,
        ledger_entries.order_count,
        ledger_entries.gross_amount - ledger_entries.refund_amount
            as net_amount,

        ledger_entries.entry_type = 'purchase'
        and coalesce(
            purchases.fully_refunded_date
            > {{ add_days('lists.snapshot_date', longest_measured) }},
            true
        ) as is_lasting_purchase

    from ledger_entries

    inner join purchases
        on ledger_entries.order_id = purchases.order_id

    inner join lists
        on
            ledger_entries.purchase_date > lists.snapshot_date
            and {{ add_days('ledger_entries.posted_date', -(windows | max)) }}
            <= lists.snapshot_date

),

repurchase_outcomes as (

    select
        customer_id,
        snapshot_date,

        {% for window in windows -%}
        cast(
            sum(case when on_day <= {{ window }} then order_count else 0 end)
            as bigint
        ) as order_count_next_{{ window }}d,
        cast(
            sum(case when on_day <= {{ window }} then net_amount else 0 end)
            as decimal(24, 2)
        ) as net_amount_next_{{ window }}d,
        {% endfor -%}
        min(
            case
                when
                    is_lasting_purchase
                    and on_day <= {{ longest_measured }}
                    then on_day
            end
        ) as days_to_repurchase

    from entries_in_windows

    group by
        customer_id,
        snapshot_date

)

select * from repurchase_outcomes
