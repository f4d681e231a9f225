with

orders_by_snapshot as (

    select
        snapshot_dates.snapshot_date,
        sum(orders_daily.order_count) as order_count,
        sum(orders_daily.gross_amount) as gross_amount

    from {{ ref('int_cst_snapshot_dates') }} as snapshot_dates

    inner join {{ ref('int_cst_orders_daily') }} as orders_daily
        on
            snapshot_dates.snapshot_date >= orders_daily.business_date
            and {{ add_days('snapshot_dates.snapshot_date', -89) }}
            <= orders_daily.business_date

    group by snapshot_dates.snapshot_date

),

behavior_by_snapshot as (

    select
        snapshot_date,
        sum(order_count_90d) as order_count,
        sum(gross_amount_90d) as gross_amount

    from {{ ref('int_cst_behavior') }}

    group by snapshot_date

)

select
    behavior_by_snapshot.snapshot_date,
    behavior_by_snapshot.order_count,
    orders_by_snapshot.order_count as expected_order_count,
    behavior_by_snapshot.gross_amount,
    orders_by_snapshot.gross_amount as expected_gross_amount

from behavior_by_snapshot

left join orders_by_snapshot
    on behavior_by_snapshot.snapshot_date = orders_by_snapshot.snapshot_date

where
    behavior_by_snapshot.order_count
    != coalesce(orders_by_snapshot.order_count, 0)
    or behavior_by_snapshot.gross_amount
    != coalesce(orders_by_snapshot.gross_amount, 0)
