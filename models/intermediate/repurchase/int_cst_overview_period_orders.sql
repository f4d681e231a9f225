-- A view: its rows, dozens for each order, are only ever counted.
{{ config(materialized='view') }}

with

orders as (

    select * from {{ ref('int_cst_overview_orders') }}

),

periods as (

    select * from {{ ref('int_cst_overview_periods') }}

),

periods_by_day as (

    select
        periods.*,
        calendar_days.period_start_date as date_day

    from periods

    inner join periods as calendar_days
        on
            calendar_days.period_type = 'day'
            and calendar_days.period_start_date
            between periods.period_start_date and periods.period_end_date

),

overview_period_orders as (

    select
        periods.period_type,
        periods.period_start_date,
        orders.customer_id,
        orders.order_cut,
        orders.order_cut_value,
        orders.units,
        orders.gross_amount,
        orders.discount_amount,
        orders.refund_amount,
        orders.net_amount,
        orders.gross_profit_amount,
        orders.profit_net_amount,
        orders.order_number,

        orders.order_number = 1 as is_new,
        coalesce(orders.previous_date < periods.period_start_date, true)
            as is_first,
        orders.previous_date is not null
        and orders.previous_date >= periods.period_start_date
        and coalesce(
            orders.second_previous_date < periods.period_start_date, true
        ) as is_second,
        orders.previous_date is not null
        and orders.previous_date < periods.period_start_date
        and orders.previous_date >= periods.previous_start_date as is_retained,
        periods.state_date

    from orders

    inner join periods_by_day as periods
        on orders.purchase_date = periods.date_day

)

select * from overview_period_orders
