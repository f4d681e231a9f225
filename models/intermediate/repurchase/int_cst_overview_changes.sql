{%- set keys = ['order_cut', 'order_cut_value', 'window_days'] -%}
{%- set measures = overview_rolling_measures() -%}
{#- By another order than the one that it came in by. -#}
{%- set leaving = {
    'buyer_count': 'leaving_buyer_count',
    'repeat_buyer_count': 'leaving_repeat_buyer_count',
} -%}

with

orders as (

    select * from {{ ref('int_cst_overview_orders') }}

),

-- the first two orders of the window that ends with an order, and the last two
-- of the one that begins with it
orders_in_windows as (

    {% for window in overview_windows() -%}
    {%- set start = add_days('purchase_date', -window) -%}
    {%- set leaves = add_days('purchase_date', window) -%}
    select
        *,
        {{ window }} as window_days,
        coalesce(previous_date <= {{ start }}, true) as is_first,
        previous_date > {{ start }}
        and coalesce(second_previous_date <= {{ start }}, true) as is_second,
        coalesce(next_date >= {{ leaves }}, true) as is_last,
        next_date < {{ leaves }}
        and coalesce(second_next_date >= {{ leaves }}, true)
            as is_second_last

    from orders

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

days as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for name, value in measures.items() -%}
        sum({{ value }}) as {{ name }},
        {% endfor -%}
        count(case when is_last then 1 end) as leaving_buyer_count,
        count(case when is_second_last then 1 end)
            as leaving_repeat_buyer_count,
        purchase_date

    from orders_in_windows

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        purchase_date

),

changes as (

    select
        {% for key in keys + measures | list -%}
        {{ key }},
        {% endfor -%}
        purchase_date as date_day

    from days

    union all

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for name in measures -%}
        -{{ leaving.get(name, name) }} as {{ name }},
        {% endfor -%}
        {{ add_days('purchase_date', 'window_days') }} as date_day

    from days

),

overview_changes as (

    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for name in measures -%}
        cast(sum({{ name }}) as {{ overview_type(name) }}) as {{ name }},
        {% endfor -%}
        date_day

    from changes

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        date_day

)

select * from overview_changes
