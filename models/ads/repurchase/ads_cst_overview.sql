{%- set measures = (overview_counts() | list) + overview_sums() -%}

with

periods as (

    select * from {{ ref('int_cst_overview_periods') }}

),

buyers as (

    select * from {{ ref('int_cst_overview_buyers') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

-- a state is that of the last snapshot before the period
buyers_described as (

    select
        buyers.*,
        segmentation.lifecycle_stage = 'lapsed' and not buyers.is_new
            as is_won_back,
        coalesce(segmentation.value_tier, 'none') as value_tier,
        case
            when segmentation.customer_id is null then 'none'
            else coalesce(customers.member_level, 'unknown')
        end as member_level

    from buyers

    inner join periods
        on
            buyers.period_type = periods.period_type
            and buyers.period_start_date = periods.period_start_date

    left join segmentation
        on
            buyers.customer_id = segmentation.customer_id
            and periods.state_date = segmentation.snapshot_date

    left join customers
        on segmentation.customer_key = customers.customer_key

),

cells as (

    {% for cut_code, cut_value in overview_cuts().items() -%}
    select
        '{{ cut_code }}' as cut_code,
        {{ cut_value }} as cut_value,
        {% for name, condition in overview_counts().items() -%}
        count(case when {{ condition }} then 1 end) as {{ name }},
        {% endfor -%}
        {% for name in overview_sums() -%}
        sum({{ name }}) as {{ name }},
        {% endfor -%}
        period_type,
        period_start_date

    from buyers_described

    where order_cut = '{{ overview_order_cut(cut_code) }}'

    group by
        {{ cut_value }},
        period_type,
        period_start_date

    {{ 'union all' if not loop.last }}

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
