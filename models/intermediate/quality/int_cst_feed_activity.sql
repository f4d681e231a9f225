{%- set active_days = cst_var('cst_active_days') -%}

with

orders as (

    select
        customer_id,
        order_status,
        {{ is_one_of('order_status', cst_var('cst_valid_order_statuses')) }}
            as is_valid_status

    from {{ ref('stg_trd__orders') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

as_of as (

    select max(last_snapshot_date) as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

),

status_counts as (

    select
        concat(order_status, ' (', cast(count(*) as string), ')')
            as status_text,
        count(*) as order_count,
        count(case when is_valid_status then 1 end) as valid_order_count,
        count(customer_id) as named_order_count,
        row_number() over (order by count(*) desc, order_status asc)
            as status_rank

    from orders

    group by order_status

),

order_totals as (

    select
        concat_ws(
            ', '
            {%- for status_rank in range(1, 6) %},
            max(case when status_rank = {{ status_rank }} then status_text end)
            {%- endfor %}
        ) as statuses_text,

        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(valid_order_count), 0) as valid_order_count,
        coalesce(sum(named_order_count), 0) as named_order_count

    from status_counts

),

active_customers as (

    select
        max(as_of.as_of_date) as as_of_date,
        count(distinct purchases.customer_id) as active_customer_count

    from as_of

    left join purchases
        on
            as_of.as_of_date >= purchases.purchase_date
            and {{ add_days('as_of.as_of_date', -active_days) }}
            <= purchases.purchase_date
            and as_of.as_of_date < coalesce(
                purchases.fully_refunded_date, {{ add_days(
                    'as_of.as_of_date', 1
                ) }}
            )

),

feed_activity as (

    select
        order_totals.statuses_text,

        order_totals.order_count,
        order_totals.valid_order_count,
        order_totals.named_order_count,
        active_customers.active_customer_count,

        active_customers.as_of_date

    from order_totals

    cross join active_customers

)

select * from feed_activity
