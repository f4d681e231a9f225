{#-
    Orders and money of every mature window, found again the long way: each
    assignment joined to each of its customer's orders.
-#}
with

retention as (

    select
        *,
        concat(customer_id, ' ', cast(snapshot_date as string))
            as retention_key

    from {{ ref('int_cst_retention') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

refunds as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

{% for window in retention_windows() -%}
mature_{{ window }}d as (

    select
        retention_key,
        customer_id,
        snapshot_date,
        {{ add_days('snapshot_date', window) }} as window_end_date

    from retention

    where is_mature_{{ window }}d

),

orders_{{ window }}d as (

    select
        mature_{{ window }}d.retention_key,
        purchases.order_id,
        purchases.order_amount,
        coalesce(sum(refunds.posted_amount), 0) as refund_amount,
        coalesce(bool_or(refunds.is_full_refund), false) as is_refunded

    from mature_{{ window }}d

    inner join purchases
        on
            mature_{{ window }}d.customer_id = purchases.customer_id
            and mature_{{ window }}d.snapshot_date < purchases.purchase_date
            and mature_{{ window }}d.window_end_date >= purchases.purchase_date

    left join refunds
        on
            purchases.order_id = refunds.order_id
            and mature_{{ window }}d.window_end_date >= refunds.posted_date

    group by
        mature_{{ window }}d.retention_key,
        purchases.order_id,
        purchases.order_amount

),

totals_{{ window }}d as (

    select
        retention_key,
        sum(case when is_refunded then 0 else 1 end) as order_count,
        sum(order_amount - refund_amount) as net_amount

    from orders_{{ window }}d

    group by retention_key

),

{% endfor -%}
differences as (

    {% for window in retention_windows() -%}
    select
        retention.retention_key,
        retention.customer_id,
        retention.snapshot_date,
        {{ window }} as window_days,
        retention.order_count_next_{{ window }}d as order_count,
        retention.net_amount_next_{{ window }}d as net_amount,
        totals_{{ window }}d.order_count as expected_order_count,
        totals_{{ window }}d.net_amount as expected_net_amount

    from retention

    left join totals_{{ window }}d
        on retention.retention_key = totals_{{ window }}d.retention_key

    where
        retention.is_mature_{{ window }}d
        and (
            retention.order_count_next_{{ window }}d
            != coalesce(totals_{{ window }}d.order_count, 0)
            or retention.net_amount_next_{{ window }}d
            != coalesce(totals_{{ window }}d.net_amount, 0)
        )

    {% if not loop.last -%}
    union all

    {% endif -%}
    {% endfor -%}
)

select * from differences
