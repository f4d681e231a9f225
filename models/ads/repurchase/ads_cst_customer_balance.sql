with

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

    where is_period_end

),

-- what begins and ends with a snapshot
periods as (

    select periods.*

    from {{ ref('int_cst_overview_periods') }} as periods

    inner join snapshots
        on periods.period_end_date = snapshots.snapshot_date

    where periods.state_date = {{ add_days('periods.period_start_date', -1) }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

period_dates as (

    select
        period_type,
        period_start_date,
        state_date as snapshot_date,
        true as is_opening

    from periods

    union all

    select
        period_type,
        period_start_date,
        period_end_date as snapshot_date,
        false as is_opening

    from periods

),

states as (

    select
        period_dates.period_type,
        period_dates.period_start_date,
        {% for name, (column, is_opening) in {
            'opening_stage': ('lifecycle_stage', 'true'),
            'closing_stage': ('lifecycle_stage', 'false'),
            'opening_tier': ('value_tier', 'true'),
            'opening_key': ('customer_key', 'true'),
            'recency_days': ('recency_days', 'false'),
            'last_order_date': ('last_order_date', 'false'),
        }.items() -%}
        max(
            case
                when period_dates.is_opening = {{ is_opening }}
                    then segmentation.{{ column }}
            end
        ) as {{ name }},
        {% endfor -%}
        segmentation.customer_id

    from period_dates

    inner join segmentation
        on period_dates.snapshot_date = segmentation.snapshot_date

    group by
        period_dates.period_type,
        period_dates.period_start_date,
        segmentation.customer_id

),

states_described as (

    select
        states.period_type,
        states.period_start_date,
        {{ customer_balance_stage('states.opening_stage') }} as opening,
        {{ customer_balance_stage('states.closing_stage') }} as closing,
        states.recency_days < {{ cst_var('cst_active_days') }} as is_active,
        states.last_order_date >= states.period_start_date as is_buyer,
        customers.registered_date >= states.period_start_date as is_registered,
        'all' as everybody,
        coalesce(states.opening_tier, 'none') as value_tier,
        case
            when states.opening_key is null then 'none'
            else coalesce(versions.member_level, 'unknown')
        end as member_level,
        coalesce(customers.acquisition_channel, 'unknown')
            as acquisition_channel,
        case
            when customers.is_program_holdout then 'held_out'
            else 'in_program'
        end as program_group

    from states

    inner join customers
        on
            states.customer_id = customers.customer_id
            and customers.is_current

    left join customers as versions
        on states.opening_key = versions.customer_key

),

cells as (

    {% for cut_code, cut_value in customer_balance_cuts().items() -%}
    select
        '{{ cut_code }}' as cut_code,
        {{ cut_value }} as cut_value,
        {% for name, condition in customer_balance_counts().items() -%}
        count(case when {{ condition }} then 1 end) as {{ name }},
        {% endfor -%}
        period_type,
        period_start_date

    from states_described

    group by
        {{ cut_value }},
        period_type,
        period_start_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

customer_balance as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'cells.period_type', 'cells.period_start_date', 'cells.cut_code',
            'cells.cut_value',
        ]) }} as customer_balance_key,
        {{ labeled_code(
            'cells.period_type', 'overview_period', 'period_type'
        ) }},
        periods.period_code,
        periods.period_start_date,
        periods.period_end_date,
        {{ labeled_code('cells.cut_code', 'overview_cut', 'cut_code') }},
        cells.cut_value,

        {% for name in customer_balance_counts() -%}
        cells.{{ name }},
        {% endfor -%}
        {% for name, (part, whole) in customer_balance_rates().items() -%}
        cast(cells.{{ part }}_customer_count as double)
        / nullif(cells.{{ whole }}_customer_count, 0) as {{ name }},
        {% endfor -%}
        periods.is_complete

    from cells

    inner join periods
        on
            cells.period_type = periods.period_type
            and cells.period_start_date = periods.period_start_date

)

select * from customer_balance
