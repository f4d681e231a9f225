{#- What was acted on stays from the first publication of a period end. -#}
{%- set acted_on = [
    'segment_code', 'segment_rule_id', 'rfm_class_code', 'value_tier',
    'lifecycle_stage', 'previous_segment_code', 'movement', 'movement_cause',
    'r_score_method', 'r_score', 'f_score', 'm_score', 'rfm_code', 'rfm_score',
    'value_score',
] -%}
{%- set measured = [
    'recency_days', 'frequency', 'monetary_amount', 'average_order_amount',
    'lifetime_order_count', 'lifetime_net_amount', 'new_order_count',
    'new_refund_amount', 'r_worse_from_days', 'r_better_below_days',
    'f_worse_up_to_count', 'f_better_above_count', 'm_worse_up_to_amount',
    'm_better_above_amount', 'mean_recency_days', 'mean_frequency',
    'mean_monetary_amount', 'r_gap_days', 'f_gap_count', 'm_gap_amount',
    'first_order_date', 'last_order_date', 'tenure_days',
] -%}

with

segmentation_today as {{ not_materialized() }} (

    select * from {{ ref('int_cst_segmentation') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

published as {{ not_materialized() }} (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

-- a filter would have DuckDB expect few rows, and hold all that are joined
snapshots as (

    select
        snapshots.*,
        {{ day_start_at(add_days('snapshots.snapshot_date', 1)) }}
            as day_end_at,
        case when not snapshots.is_closed then snapshots.snapshot_date end
            as open_date,
        case
            when snapshot_dates.is_published and not snapshot_dates.is_restated
                then snapshots.snapshot_date
        end as acted_on_date

    from {{ ref('dim_cst_snapshot') }} as snapshots

    left join snapshot_dates
        on snapshots.snapshot_date = snapshot_dates.snapshot_date

),

published_lists as (

    select published.*

    from published

    inner join snapshots
        on
            published.snapshot_date = snapshots.open_date
            and published.snapshot_date = snapshots.acted_on_date

),

-- a list that somebody was on stays, also for who is not delivered today; who
-- was merged is counted with another customer
states as (

    select
        published.customer_id,
        {%- for column in acted_on + measured %}
        published.{{ column }},
        {%- endfor %}
        published.snapshot_date,
        snapshots.is_current,
        snapshots.day_end_at

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    left join segmentation_today
        on
            published.customer_id = segmentation_today.customer_id
            and published.snapshot_date = segmentation_today.snapshot_date

    where
        snapshots.is_closed
        or (
            snapshots.acted_on_date is not null
            and segmentation_today.customer_id is null
            and published.customer_id not in (
                select customers.customer_id from customers
                where customers.is_merged
            )
        )

    union all

    select
        segmentation_today.customer_id,
        {%- for column in acted_on %}
        case
            when published_lists.customer_id is not null
                then published_lists.{{ column }}
            else segmentation_today.{{ column }}
        end as {{ column }},
        {%- endfor %}
        {%- for column in measured %}
        segmentation_today.{{ column }},
        {%- endfor %}
        segmentation_today.snapshot_date,
        snapshots.is_current,
        snapshots.day_end_at

    from segmentation_today

    inner join snapshots
        on segmentation_today.snapshot_date = snapshots.open_date

    left join published_lists
        on
            segmentation_today.customer_id = published_lists.customer_id
            and segmentation_today.snapshot_date
            = published_lists.snapshot_date

),

segmentation as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'states.customer_id', 'states.snapshot_date'
        ]) }} as segmentation_key,
        customers.customer_key,
        states.customer_id,
        states.snapshot_date,
        states.is_current,

        {% for column in (acted_on + measured)[:-1] -%}
        states.{{ column }},
        {% endfor -%}
        states.{{ measured[-1] }}

    from states

    inner join customers
        on
            states.customer_id = customers.customer_id
            and states.day_end_at > customers.valid_from_at
            and states.day_end_at <= customers.valid_to_at

)

select * from segmentation
