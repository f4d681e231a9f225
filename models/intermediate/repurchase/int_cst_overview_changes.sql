{%- set keys = ['order_cut', 'order_cut_value', 'window_days'] -%}
{%- set in_order =
    'partition by order_cut, order_cut_value, customer_id '
    ~ 'order by purchase_date asc, order_number asc, order_id asc' -%}
{%- set measures = overview_rolling_measures() -%}
{#- When a measure of an order begins to count, and when it no longer does. -#}
{%- set moments = [
    {'date': 'purchase_date', 'sign': '', 'measures': measures | list},
    {'date': 'leaves_date', 'sign': '-',
     'measures': measures | reject('in', ['buyer_count', 'repeat_buyer_count'])
     | list},
    {'date': 'relieved_date', 'sign': '-', 'measures': ['buyer_count']},
    {'date': 'repeat_ends_date', 'sign': '-',
     'measures': ['repeat_buyer_count']},
] -%}

with

orders as (

    select
        *,
        lag(purchase_date) over ({{ in_order }}) as previous_date,
        lead(purchase_date) over ({{ in_order }}) as next_date

    from {{ ref('int_cst_overview_orders') }}

),

orders_in_windows as (

    {% for window in overview_windows() -%}
    select
        *,
        {{ window }} as window_days,
        {{ add_days('purchase_date', window) }} as leaves_date,
        {{ add_days('previous_date', window) }} as previous_leaves_date

    from orders

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- a customer counts by one order at a time: until the next one, or until the
-- window has passed it; twice, while the order before is in the window
measured as (

    select
        *,
        {% for name, value in measures.items() -%}
        {{ value }} as {{ name }}_added,
        {% endfor -%}
        case
            when next_date < leaves_date then next_date
            else leaves_date
        end as relieved_date,
        case
            when next_date < previous_leaves_date then next_date
            else previous_leaves_date
        end as repeat_ends_date

    from orders_in_windows

),

changes as (

    {% for moment in moments -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {% for name in measures -%}
        {{ moment.sign ~ name ~ '_added' if name in moment.measures else 0 }}
            as {{ name }},
        {% endfor -%}
        {{ moment.date }} as date_day

    from measured

    {{ 'where repeat_buyer_count_added = 1'
        if moment.date == 'repeat_ends_date' }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
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
