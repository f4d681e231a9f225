{%- set margin_rate = cst_var('ltv_margin_rate') -%}
{%- set of_customer -%}
    over (
            partition by coalesce(customer_id, order_id), is_counted
            order by purchased_at, order_id
        )
{%- endset -%}

with

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

refunds as (

    select * from {{ ref('int_cst_order_refunds') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

-- as the newest snapshot knows them
order_refunds as (

    select
        refunds.order_id,
        cast(sum(refunds.posted_amount) as decimal(18, 2)) as refund_amount,
        cast(sum(refunds.original_posted_amount) as decimal(18, 2))
            as original_refund_amount,
        max(
            case when refunds.is_full_refund then refunds.posted_date end
        ) as fully_refunded_date

    from refunds

    inner join snapshot_dates
        on refunds.posted_date <= snapshot_dates.snapshot_date

    group by refunds.order_id

),

-- the first reason that holds
judged as (

    select
        orders.order_id,
        coalesce(
            merged_customers.surviving_customer_id, orders.customer_id
        ) as customer_id,
        orders.campaign_id,
        orders.shop_id,
        orders.coupon_code,

        orders.order_status,
        orders.order_channel,
        orders.currency_code,
        case
            when not {{ is_one_of(
                'orders.order_status', cst_var('cst_valid_order_statuses')
            ) }}
                then 'not_a_purchase'
            when orders.purchase_date > snapshot_dates.snapshot_date
                then 'after_as_of_date'
            when orders.customer_id is null then 'guest'
            when order_refunds.fully_refunded_date is not null
                then 'fully_refunded'
        end as not_counted_reason,

        orders.exchange_rate,
        orders.order_amount as gross_amount,
        orders.discount_amount,
        orders.coupon_amount,
        orders.freight_amount,
        coalesce(order_refunds.refund_amount, 0) as refund_amount,
        orders.original_order_amount as original_gross_amount,
        orders.original_discount_amount,
        coalesce(order_refunds.original_refund_amount, 0)
            as original_refund_amount,

        orders.purchase_date,
        order_refunds.fully_refunded_date,
        orders.ordered_at,
        orders.purchased_at

    from orders

    cross join snapshot_dates

    left join merged_customers
        on orders.customer_id = merged_customers.customer_id

    left join order_refunds
        on orders.order_id = order_refunds.order_id

),

valued as (

    select
        *,
        cast(gross_amount - refund_amount as decimal(18, 2)) as net_amount,
        not_counted_reason is null as is_counted

    from judged

),

-- among the customer's orders that count
orders_numbered as (

    select
        *,
        {% if margin_rate is none -%}
        cast(null as decimal(18, 2)) as gross_profit_amount,
        {%- else -%}
        cast(
            case
                when is_counted
                    then {{ gross_profit('net_amount', 'discount_amount') }}
            end as decimal(18, 2)
        ) as gross_profit_amount,
        {%- endif %}
        case
            when is_counted
                then cast(row_number() {{ of_customer }} as bigint)
        end as order_number,
        case
            when is_counted then lag(purchase_date) {{ of_customer }}
        end as previous_purchase_date

    from valued

)

select * from orders_numbered
