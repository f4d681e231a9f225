{%- set groups = {'treated': 'not is_holdout', 'holdout': 'is_holdout'} -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code'] -%}
{%- set days = realized_value_windows() | max -%}
{#- What an entry shows by the end of a week, and what it had shown before. -#}
{%- set measures = effect_curve_measures() -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and window_days = {{ days }}

),

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

    where
        order_count != 0
        or net_amount != 0

),

facts_since_entry as (

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

),

-- only weeks in which something happens have a row
changes as (

    select
        {% for column in keys + [
            'customer_id', 'entry_date', 'is_holdout', 'week_number',
        ] -%}
        {{ column }},
        {% endfor -%}
        sum(added_orders) as added_orders,
        sum(added_amount) as added_amount

    from facts_since_entry

    group by
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        customer_id,
        entry_date,
        is_holdout,
        week_number

),

so_far as (

    select
        *,
        {% for total, added in {
            'order_count': 'added_orders', 'net_amount': 'added_amount',
        }.items() -%}
        sum({{ added }}) over (
            partition by
                {% for column in keys -%}
                {{ column }},
                {% endfor -%}
                customer_id,
                entry_date
            order by week_number
        ) as {{ total }}{{ ',' if not loop.last }}
        {% endfor %}
    from changes

),

-- what each week adds to the sums that a mean and its variance are made of
additions as (

    {% for measure_code, (now, before) in measures.items() -%}
    select
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        entry_date,
        week_number,
        '{{ measure_code }}' as measure_code,
        {% for group, is_in_group in groups.items() -%}
        sum(case when {{ is_in_group }} then {{ now }} - {{ before }} end)
            as {{ group }}_added,
        sum(
            case
                when {{ is_in_group }}
                    then {{ now }} * {{ now }} - {{ before }} * {{ before }}
            end
        ) as {{ group }}_added_squares{{ ',' if not loop.last }}
        {% endfor %}
    from so_far

    group by
        {% for column in keys -%}
        {{ column }},
        {% endfor -%}
        entry_date,
        week_number

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from additions
