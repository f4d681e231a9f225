{%- set groups = {'treated': 'not is_holdout', 'holdout': 'is_holdout'} -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'entry_date'] -%}

with

orders_by_week as (

    select * from {{ ref('int_cst_effect_orders_by_week') }}

),

so_far as (

    select
        {% for total, added in {
            'order_count': 'added_orders', 'net_amount': 'added_amount',
        }.items() -%}
        sum({{ added }}) over (
            partition by {{ keys | join(', ') }}, customer_id
            order by week_number
        ) as {{ total }},
        {% endfor -%}
        *

    from orders_by_week

),

-- what each week adds to the sums that a mean and its variance are made of
changes as (

    {% for measure_code, (now, before) in effect_curve_measures().items() -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        week_number,
        {% for group, is_in_group in groups.items() -%}
        sum(case when {{ is_in_group }} then {{ now }} - {{ before }} end)
            as {{ group }}_added,
        sum(
            case
                when {{ is_in_group }}
                    then {{ now }} * {{ now }} - {{ before }} * {{ before }}
            end
        ) as {{ group }}_added_squares,
        {% endfor -%}
        '{{ measure_code }}' as measure_code

    from so_far

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        week_number

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from changes
