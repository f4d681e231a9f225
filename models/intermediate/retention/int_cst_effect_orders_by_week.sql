{%- set columns = [
    'scope_code', 'subject_code', 'arm_code', 'customer_id', 'is_holdout',
    'entry_date',
] -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and window_days = {{ realized_value_windows() | max }}

),

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

),

orders_since_entry as (

    select
        observations.*,
        facts.order_count as added_orders,
        facts.net_amount as added_amount,
        cast(
            ceil({{ days_between(
                'observations.entry_date', 'facts.fact_date'
            ) }} / 7.0) as integer
        ) as week_number

    from observations

    inner join facts
        on
            observations.customer_id = facts.customer_id
            and observations.entry_date < facts.started_date
            and observations.window_end_date >= facts.fact_date
            and (facts.order_count != 0 or facts.net_amount != 0)

),

-- only weeks in which something happens have a row
orders_by_week as (

    select
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        week_number,
        sum(added_orders) as added_orders,
        sum(added_amount) as added_amount

    from orders_since_entry

    group by
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        week_number

)

select * from orders_by_week
