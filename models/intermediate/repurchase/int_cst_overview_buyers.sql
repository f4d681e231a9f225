with

orders as (

    select * from {{ ref('int_cst_overview_orders') }}

),

buyers as (

    {% for period_type in overview_periods() -%}
    select
        '{{ period_type }}' as period_type,
        cast({{ dbt.date_trunc(period_type, 'purchase_date') }} as date)
            as period_start_date,
        customer_id,
        order_cut,
        order_cut_value,

        min(order_number) = 1 as is_new,
        count(*) as order_count,
        -- what is unknown of an order is left out of all that is divided by it
        count(units) as itemized_order_count,
        cast(sum(units) as decimal(24, 3)) as units,
        cast(sum(gross_amount) as decimal(24, 2)) as gross_amount,
        cast(sum(discount_amount) as decimal(24, 2)) as discount_amount,
        cast(sum(refund_amount) as decimal(24, 2)) as refund_amount,
        cast(sum(net_amount) as decimal(24, 2)) as net_amount,
        cast(sum(gross_profit_amount) as decimal(24, 2)) as gross_profit_amount,
        cast(
            sum(
                case when gross_profit_amount is not null then net_amount end
            ) as decimal(24, 2)
        ) as profit_net_amount

    from orders

    group by
        cast({{ dbt.date_trunc(period_type, 'purchase_date') }} as date),
        customer_id,
        order_cut,
        order_cut_value

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

overview_buyers as (

    select
        *,
        coalesce(
            lag(period_start_date) over (
                partition by
                    customer_id,
                    order_cut,
                    order_cut_value,
                    period_type
                order by period_start_date
            ) = {{ period_moved(-1) }}, false
        ) as is_retained

    from buyers

)

select * from overview_buyers
