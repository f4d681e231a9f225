{%- set no_date = date_literal('1900-01-01') -%}

with

segmentation_today as (

    select * from {{ ref('int_cst_segmentation') }}

),

published as (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),
{{ closed_rows_of(['published', 'segmentation_today']) }}

compared as (

    select
        coalesce(published.customer_id, today.customer_id) as customer_id,
        coalesce(published.snapshot_date, today.snapshot_date)
            as snapshot_date,

        published.customer_id is null as is_late,
        today.customer_id is null as is_gone,
        coalesce(published.lifetime_order_count, 0) > 0
        or coalesce(today.lifetime_order_count, 0) > 0 as has_orders,
        {% for column in [
            'lifetime_order_count', 'lifetime_net_amount', 'new_order_count',
            'new_refund_amount',
        ] -%}
        coalesce(today.{{ column }}, 0) - coalesce(published.{{ column }}, 0)
            as {{ column }}_difference,
        {% endfor -%}
        {% for column in ['first_order_date', 'last_order_date'] -%}
        coalesce(published.{{ column }}, {{ no_date }})
        != coalesce(today.{{ column }}, {{ no_date }})
        {{ 'or' if not loop.last }}
        {% endfor -%} as is_redated

    from published_closed as published

    full outer join segmentation_today_closed as today
        on
            published.customer_id = today.customer_id
            and published.snapshot_date = today.snapshot_date

),

purchases_compared as (

    select
        *,
        sum(new_refund_amount_difference) over (
            partition by customer_id order by snapshot_date
        ) as late_refund_amount,
        coalesce(sum(new_refund_amount_difference) over (
            partition by customer_id order by snapshot_date
            rows between 1 following and unbounded following
        ), 0) as next_late_refund_amount

    from compared

)

select * from purchases_compared
