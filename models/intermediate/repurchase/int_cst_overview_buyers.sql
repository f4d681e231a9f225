with

orders_numbered as (

    select * from {{ ref('int_cst_orders_numbered') }}

    where is_counted

),

-- by all channels together, which is null, and by the one of the order
orders_by_channel as (

    select
        *,
        cast(null as string) as channel

    from orders_numbered

    union all

    select
        *,
        coalesce(order_channel, 'unknown') as channel

    from orders_numbered

),

buyers as (

    {% for period_type in overview_periods() -%}
    select
        '{{ period_type }}' as period_type,
        cast({{ dbt.date_trunc(period_type, 'purchase_date') }} as date)
            as period_start_date,
        customer_id,
        channel as order_channel,

        min(order_number) = 1 as is_new,
        count(*) as order_count,
        cast(sum(gross_amount) as decimal(24, 2)) as gross_amount,
        cast(sum(discount_amount) as decimal(24, 2)) as discount_amount,
        cast(sum(refund_amount) as decimal(24, 2)) as refund_amount,
        cast(sum(net_amount) as decimal(24, 2)) as net_amount,
        cast(sum(gross_profit_amount) as decimal(24, 2)) as gross_profit_amount

    from orders_by_channel

    group by
        cast({{ dbt.date_trunc(period_type, 'purchase_date') }} as date),
        customer_id,
        channel

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

overview_buyers as (

    select
        *,
        coalesce(
            lag(period_start_date) over (
                partition by customer_id, order_channel, period_type
                order by period_start_date
            ) = {{ period_moved(-1) }}, false
        ) as is_retained

    from buyers

)

select * from overview_buyers
