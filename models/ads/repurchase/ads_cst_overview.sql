{%- set measures = overview_counts() | list + overview_sums() | list -%}

with

periods as (

    select * from {{ ref('int_cst_overview_periods') }}

),

orders as {{ not_materialized() }} (

    select * from {{ ref('int_cst_overview_period_orders') }}

),

states as {{ not_materialized() }} (

    select
        segmentation.customer_id,
        segmentation.snapshot_date,
        segmentation.value_tier,
        coalesce(customers.member_level, 'unknown') as member_level,
        segmentation.lifecycle_stage = 'lapsed' as is_lapsed

    from {{ ref('dws_cst_segmentation') }} as segmentation

    left join {{ ref('dim_cst_customer') }} as customers
        on segmentation.customer_key = customers.customer_key

),

-- a state is that of the last snapshot before the period
state_cells as (

    select
        coalesce(states.member_level, 'none') as member_level,
        coalesce(states.value_tier, 'none') as value_tier,
        {{ overview_added_up() }},
        orders.period_type,
        orders.period_start_date

    from orders

    left join states
        on
            orders.customer_id = states.customer_id
            and orders.state_date = states.snapshot_date

    where orders.order_cut = 'total'

    group by
        coalesce(states.member_level, 'none'),
        coalesce(states.value_tier, 'none'),
        orders.period_type,
        orders.period_start_date

),

-- whether somebody had lapsed is all that these cuts ask of a state
cells as (

    select
        orders.order_cut as cut_code,
        orders.order_cut_value as cut_value,
        {{ overview_added_up() }},
        orders.period_type,
        orders.period_start_date

    from orders

    left join states
        on
            orders.customer_id = states.customer_id
            and orders.state_date = states.snapshot_date
            and states.is_lapsed

    group by
        orders.order_cut,
        orders.order_cut_value,
        orders.period_type,
        orders.period_start_date

    {% for state in ['member_level', 'value_tier'] -%}
    union all

    select
        '{{ state }}' as cut_code,
        {{ state }} as cut_value,
        {% for name in measures -%}
        sum({{ name }}) as {{ name }},
        {% endfor -%}
        period_type,
        period_start_date

    from state_cells

    group by
        {{ state }},
        period_type,
        period_start_date

    {% endfor %}
),

cut_values as (

    select
        cut_code,
        cut_value,
        period_type,
        min(period_start_date) as first_start_date

    from cells

    group by
        cut_code,
        cut_value,
        period_type

),

-- a period in which nobody bought is one, too
all_cells as (

    select
        periods.*,
        {% for name in measures -%}
        {{ overview_measure(name, 'cells') }} as {{ name }},
        {% endfor -%}
        cut_values.cut_code,
        cut_values.cut_value

    from periods

    inner join cut_values
        on
            periods.period_type = cut_values.period_type
            and periods.period_start_date >= cut_values.first_start_date

    left join cells
        on
            periods.period_type = cells.period_type
            and periods.period_start_date = cells.period_start_date
            and cut_values.cut_code = cells.cut_code
            and cut_values.cut_value = cells.cut_value

),

overview as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'own.period_type', 'own.period_start_date', 'own.cut_code',
            'own.cut_value',
        ]) }} as overview_key,
        {{ labeled_code('own.period_type', 'overview_period', 'period_type') }},
        own.period_code,
        own.period_start_date,
        own.period_end_date,
        {{ labeled_code('own.cut_code', 'overview_cut', 'cut_code') }},
        own.cut_value,

        {% for name in measures -%}
        own.{{ name }},
        {% endfor -%}
        {{ overview_shares('own') }},
        -- who bought before may be of another level or tier by now
        case
            when own.cut_code not in ('member_level', 'value_tier')
                then
                    cast(own.retained_buyer_count as double)
                    / nullif(previous.buyer_count, 0)
        end as repurchase_rate,
        {{ overview_beside() }},
        own.is_complete

    from all_cells as own

    left join all_cells as previous
        on
            own.period_type = previous.period_type
            and own.previous_start_date = previous.period_start_date
            and own.cut_code = previous.cut_code
            and own.cut_value = previous.cut_value

    left join all_cells as last_year
        on
            own.period_type = last_year.period_type
            and own.last_year_start_date = last_year.period_start_date
            and own.cut_code = last_year.cut_code
            and own.cut_value = last_year.cut_value

)

select * from overview
