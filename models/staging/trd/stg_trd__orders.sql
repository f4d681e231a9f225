{%- set valid_statuses = cst_var('cst_valid_order_statuses') -%}

with

orders as (

    select * from {{ ref('base_trd__orders') }}

    where row_status = 'accepted'

),

rejected_rows as (

    select
        order_id,
        order_status,
        updated_at,
        {{ is_one_of('order_status', valid_statuses) }} as is_valid_status

    from {{ ref('base_trd__orders') }}

    where
        row_status = 'rejected'
        and order_status is not null
        and updated_at is not null

),

ranked_rejected_rows as (

    select
        *,
        row_number() over (
            partition by order_id
            order by updated_at desc, is_valid_status asc, order_status asc
        ) as row_rank

    from rejected_rows

),

newest_orders as (

    select
        orders.order_id,
        orders.customer_id,
        orders.campaign_id,
        orders.shop_id,
        orders.coupon_code,
        orders.shop_name,
        coalesce(cancellations.order_status, orders.order_status)
            as order_status,
        orders.order_channel,
        coalesce(
            orders.currency_code, '{{ cst_var("cst_currency_code") | upper }}'
        ) as currency_code,
        orders.exchange_rate,
        {%- for column in [
            'order_amount', 'discount_amount', 'coupon_amount',
            'freight_amount',
        ] %}
        {{ converted_amount('orders.' ~ column, 'orders.exchange_rate') }}
            as {{ column }},
        {%- endfor %}
        orders.order_amount as original_order_amount,
        orders.discount_amount as original_discount_amount,
        cancellations.order_id is not null as is_cancelled_by_rejected_row,
        coalesce(orders.flags like '%dated_early%', false) as is_dated_early,
        coalesce(orders.flags like '%dated_ahead%', false) as is_dated_ahead,

        orders.ordered_date,
        orders.purchase_date,

        orders.ordered_at,
        orders.paid_at,
        orders.purchased_at,
        orders.updated_at

    from orders

    -- a newer version that cancels counts, though something else is broken
    left join ranked_rejected_rows as cancellations
        on
            orders.order_id = cancellations.order_id
            and orders.updated_at < cancellations.updated_at
            and cancellations.row_rank = 1
            and not cancellations.is_valid_status

)

select * from newest_orders
