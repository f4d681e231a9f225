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

        min(order_number) = 1 as is_new,
        count(*) as order_count,
        count(units) as itemized_order_count,
        {% for name in overview_sums() if not name.endswith('_count') -%}
        cast(sum({{ name }}) as {{ overview_type(name) }}) as {{ name }},
        {% endfor -%}
        order_cut_value

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
