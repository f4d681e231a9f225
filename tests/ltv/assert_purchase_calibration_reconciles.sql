-- The bands hold all customers of the total once, the overdue are some of them,
-- and who bought is what the orders say, counted anew without purchase days.
with

published as (

    select * from {{ source('published', 'ads_cst_purchase_calibration') }}

),

-- what was published may lack what came in since
calibration as (

    select * from {{ ref('ads_cst_purchase_calibration') }}

    where purchase_calibration_key not in (
        select published.purchase_calibration_key from published
    )

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

customers as (

    select
        customers.customer_id,
        customers.snapshot_date

    from {{ ref('int_cst_ltv_customers') }} as customers

    inner join {{ ref('int_cst_ltv_methods') }} as methods
        on
            customers.snapshot_date = methods.snapshot_date
            and methods.is_chosen
            and methods.method_family = 'purchase_model'

),

group_totals as (

    select
        snapshot_date,
        horizon_days,
        group_type,
        sum(customer_count) as customer_count,
        sum(buyer_count) as buyer_count,
        sum(mean_p_purchase * customer_count) as expected_buyer_count,
        sum(brier_score * customer_count) as squared_error

    from calibration

    group by
        snapshot_date,
        horizon_days,
        group_type

),

totals as (

    select * from calibration

    where group_type = 'total'

),

buyers as (

    select
        totals.snapshot_date,
        totals.horizon_days,
        customers.customer_id,
        count(purchases.order_id) as order_count

    from totals

    inner join customers
        on totals.snapshot_date = customers.snapshot_date

    left join purchases
        on
            customers.customer_id = purchases.customer_id
            and totals.snapshot_date < purchases.purchase_date
            and totals.horizon_end_date >= purchases.purchase_date
            and coalesce(
                totals.horizon_end_date < purchases.fully_refunded_date, true
            )

    group by
        totals.snapshot_date,
        totals.horizon_days,
        customers.customer_id

),

buyers_counted as (

    select
        snapshot_date,
        horizon_days,
        count(*) as customer_count,
        count(case when order_count > 0 then 1 end) as buyer_count

    from buyers

    group by
        snapshot_date,
        horizon_days

),

differences as (

    select
        group_totals.*,
        buyers_counted.customer_count as expected_customer_count,
        buyers_counted.buyer_count as buyers_in_orders,
        totals.mean_p_purchase,
        totals.brier_score

    from group_totals

    inner join totals
        on
            group_totals.snapshot_date = totals.snapshot_date
            and group_totals.horizon_days = totals.horizon_days

    left join buyers_counted
        on
            group_totals.snapshot_date = buyers_counted.snapshot_date
            and group_totals.horizon_days = buyers_counted.horizon_days

    where
        (
            group_totals.group_type = 'overdue'
            and (
                group_totals.customer_count > totals.customer_count
                or group_totals.buyer_count > totals.buyer_count
            )
        )
        or (
            group_totals.group_type != 'overdue'
            and (
                group_totals.customer_count
                != coalesce(buyers_counted.customer_count, -1)
                or group_totals.buyer_count
                != coalesce(buyers_counted.buyer_count, -1)
                or abs(
                    group_totals.expected_buyer_count
                    - totals.mean_p_purchase * totals.customer_count
                ) > 1e-6
                or abs(
                    group_totals.squared_error
                    - totals.brier_score * totals.customer_count
                ) > 1e-6
            )
        )

)

select * from differences
