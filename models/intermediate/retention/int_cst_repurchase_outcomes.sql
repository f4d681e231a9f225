{%- set windows = retention_windows() -%}
{%- set contract_windows = retention_contract_windows() -%}

with

strategies_assigned as (

    select * from {{ ref('int_cst_strategies_assigned') }}

),

next_purchases as (

    select * from {{ ref('int_cst_next_purchases') }}

),

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

windows as (

    {% for window in windows -%}
    select {{ window }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a booking is in the window of every snapshot before its purchase and at most
-- a window before itself: it enters at the first of them and leaves after the
-- last, so it costs two rows per window however many snapshots there are
entries_in_windows as (

    select
        ledger_entries.customer_id,

        windows.window_days,
        ledger_entries.order_count,
        ledger_entries.gross_amount - ledger_entries.refund_amount
            as net_amount,

        {{ snapshot_on_or_after(
            add_days('ledger_entries.posted_date', '-windows.window_days'),
            'snapshot_bounds',
        ) }} as enters_on,
        {{ snapshot_on_or_after(
            'ledger_entries.purchase_date', 'snapshot_bounds'
        ) }} as leaves_on

    from ledger_entries

    inner join snapshot_bounds
        on ledger_entries.posted_date <= snapshot_bounds.last_snapshot_date

    -- a refund later than that is after every window with its purchase
    inner join windows
        on
            {{ days_between(
                'ledger_entries.purchase_date', 'ledger_entries.posted_date'
            ) }} < windows.window_days

),

changes as (

    select
        customer_id,
        enters_on as snapshot_date,

        window_days,
        order_count as order_change,
        net_amount as amount_change,

        false as is_assigned

    from entries_in_windows

    union all

    select
        customer_id,
        leaves_on as snapshot_date,

        window_days,
        -order_count as order_change,
        -net_amount as amount_change,

        false as is_assigned

    from entries_in_windows

    union all

    select
        customer_id,
        snapshot_date,

        0 as window_days,
        0 as order_change,
        0 as amount_change,

        true as is_assigned

    from strategies_assigned

),

changes_by_snapshot as (

    select
        customer_id,
        snapshot_date,

        {% for window in windows -%}
        sum(case when window_days = {{ window }} then order_change else 0 end)
            as order_change_{{ window }}d,
        sum(case when window_days = {{ window }} then amount_change else 0 end)
            as amount_change_{{ window }}d,
        {% endfor -%}

        bool_or(is_assigned) as is_assigned

    from changes

    group by
        customer_id,
        snapshot_date

),

running_totals as (

    select
        customer_id,
        snapshot_date,

        {% for window in windows -%}
        sum(order_change_{{ window }}d) over to_date
            as order_count_next_{{ window }}d,
        sum(amount_change_{{ window }}d) over to_date
            as net_amount_next_{{ window }}d,
        {% endfor -%}

        is_assigned

    from changes_by_snapshot

    window to_date as (
        partition by customer_id
        order by snapshot_date
        rows between unbounded preceding and current row
    )

),

windows_matured as (

    select
        running_totals.customer_id,
        running_totals.snapshot_date,
        {% for window in windows -%}
        running_totals.order_count_next_{{ window }}d,
        running_totals.net_amount_next_{{ window }}d,
        {{ add_days('running_totals.snapshot_date', window) }}
        <= snapshot_bounds.last_snapshot_date as is_mature_{{ window }}d,
        {% endfor -%}
        {{ days_between(
            'running_totals.snapshot_date', 'next_purchases.next_purchase_date'
        ) }} as days_to_purchase

    from running_totals

    cross join snapshot_bounds

    inner join next_purchases
        on
            running_totals.customer_id = next_purchases.customer_id
            and running_totals.snapshot_date = next_purchases.snapshot_date

    where running_totals.is_assigned

),

repurchase_outcomes as (

    select
        customer_id,
        snapshot_date,
        {% for window in contract_windows -%}
        {% if window in windows %}
        is_mature_{{ window }}d,
        case when is_mature_{{ window }}d then order_count_next_{{ window }}d > 0
        end as is_repurchased_within_{{ window }}d,
        cast(
            case when is_mature_{{ window }}d then order_count_next_{{ window }}d
            end as bigint
        ) as order_count_next_{{ window }}d,
        cast(
            case when is_mature_{{ window }}d then net_amount_next_{{ window }}d
            end as decimal(18, 2)
        ) as net_amount_next_{{ window }}d,
        {% else %}
        cast(null as boolean) as is_mature_{{ window }}d,
        cast(null as boolean) as is_repurchased_within_{{ window }}d,
        cast(null as bigint) as order_count_next_{{ window }}d,
        cast(null as decimal(18, 2)) as net_amount_next_{{ window }}d,
        {% endif %}
        {%- endfor %}
        case
            when
                is_mature_{{ windows | max }}d
                and days_to_purchase <= {{ windows | max }}
                then days_to_purchase
        end as days_to_repurchase

    from windows_matured

)

select * from repurchase_outcomes
