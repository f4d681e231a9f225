{%- set window_days = cst_var('rfm_window_days') -%}

with

rfm_values as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_order_date') }} as date)
            as cohort_month

    from {{ ref('int_cst_rfm_values') }}

),

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

first_usual_order as (

    select
        min(case when is_dated_early then null else purchase_date end)
            as purchase_date

    from {{ ref('stg_trd__orders') }}

),

first_purchase as (

    select min(rfm_values.first_order_date) as first_order_date

    from rfm_values

    inner join first_usual_order
        on rfm_values.first_order_date >= first_usual_order.purchase_date

),

-- what lies before the first known purchase is not known to be empty
buyers as (

    select
        rfm_values.*,
        snapshot_dates.is_current,
        segments_assigned.acted_on_segment_code as segment_code,
        -- erased customers have bought, but have no strategy
        coalesce(strategies_in_force.strategy_code, 'none') as strategy_code,
        {% if window_days is none -%}
        true as is_window_known,
        true as is_cohort_known
        {%- else -%}
        {{ add_days('first_purchase.first_order_date', window_days - 1) }}
        <= rfm_values.snapshot_date as is_window_known,
        -- a lone early order makes a cohort, and no window known
        {{ add_days(
            'greatest(first_purchase.first_order_date,'
            ~ ' last_day(rfm_values.cohort_month))', window_days - 1
        ) }} <= rfm_values.snapshot_date as is_cohort_known
        {%- endif %}

    from rfm_values

    cross join first_purchase

    inner join snapshot_dates
        on rfm_values.snapshot_date = snapshot_dates.snapshot_date

    inner join segments_assigned
        on
            rfm_values.customer_id = segments_assigned.customer_id
            and rfm_values.snapshot_date = segments_assigned.snapshot_date

    left join strategies_in_force
        on
            rfm_values.customer_id = strategies_in_force.customer_id
            and rfm_values.snapshot_date = strategies_in_force.snapshot_date

    where rfm_values.frequency >= 1

),

window_repurchases as (

    select
        snapshot_date,
        is_current,
        {{ 'cast(null as integer)' if window_days is none else window_days }}
            as window_days,
        cohort_month,
        segment_code,
        strategy_code,

        is_cohort_known,

        count(*) as customer_count,
        sum(case when is_window_known then 1 else 0 end)
            as known_customer_count,
        sum(case when is_window_known and frequency >= 2 then 1 else 0 end)
            as repeat_buyer_count

    from buyers

    group by
        snapshot_date,
        is_current,
        cohort_month,
        segment_code,
        strategy_code,
        is_cohort_known

)

select * from window_repurchases
