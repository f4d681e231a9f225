{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set horizon_end_date = add_days('customers.snapshot_date', horizon_days) -%}

with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

-- a horizon that has not ended has no outcome yet
snapshot_dates as (

    select * from {{ ref('int_cst_snapshots_due') }}

    where
        is_needed
        and {{ add_days('snapshot_date', horizon_days) }} <= last_snapshot_date

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

orders_daily as (

    select * from {{ ref('int_cst_orders_daily') }}

),

outcomes as (

    select
        customers.customer_id,
        customers.snapshot_date,

        count(
            case
                when
                    purchase_days.fully_refunded_date is null
                    or {{ horizon_end_date }}
                    < purchase_days.fully_refunded_date
                    then purchase_days.purchase_date
            end
        ) as realized_purchase_count,
        cast(coalesce(sum(orders_daily.net_amount), 0) as decimal(24, 2))
            as realized_amount

    from customers

    inner join snapshot_dates
        on customers.snapshot_date = snapshot_dates.snapshot_date

    left join orders_daily
        on
            customers.customer_id = orders_daily.customer_id
            and customers.snapshot_date < orders_daily.business_date
            and {{ horizon_end_date }} >= orders_daily.business_date

    -- each purchase is posted on its own date
    left join purchase_days
        on
            orders_daily.customer_id = purchase_days.customer_id
            and orders_daily.business_date = purchase_days.purchase_date

    group by
        customers.customer_id,
        customers.snapshot_date

)

select * from outcomes
