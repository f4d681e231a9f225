{%- set values = [
    'historic_ltv_amount', 'predicted_ltv_amount', 'ltv_amount',
    'ltv_change_amount', 'ltv_realized_change_amount',
    'ltv_time_change_amount', 'ltv_outlook_change_amount',
    'ltv_horizon_change_amount', 'ltv_refit_change_amount',
    'ltv_restated_change_amount', 'ltv_gross_profit_amount',
    'gross_margin_rate', 'margin_coverage_share', 'ltv_decile', 'ltv_tier',
    'p_alive', 'p_alive_reason', 'p_alive_reason_zh', 'p_alive_reason_en',
    'expected_purchase_count', 'expected_order_amount',
    'ltv_method', 'ltv_method_reason', 'ltv_method_reason_zh',
    'ltv_method_reason_en',
] -%}
{%- set codes = [
    'segment_code', 'value_tier', 'strategy_code', 'recommended_strategy_code',
] -%}

with

ltv_today as {{ not_materialized() }} (

    select * from {{ ref('int_cst_ltv') }}

),

published as (

    select * from {{ source('published', 'ads_cst_ltv') }}

),

snapshots as (

    -- a filter would have DuckDB expect few of the rows that are joined
    select
        *,
        case when not is_closed then snapshot_date end as open_date

    from {{ ref('dim_cst_snapshot') }}

),

segmentation as {{ not_materialized() }} (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

-- who is not delivered today keeps what was published, where the facts do
closed_and_open as (

    select
        segmentation.customer_key,
        segmentation.is_current,
        published.customer_id,
        {%- for column in ['cohort_month'] + codes + values %}
        published.{{ column }},
        {%- endfor %}
        published.snapshot_date

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    inner join segmentation
        on
            published.customer_id = segmentation.customer_id
            and published.snapshot_date = segmentation.snapshot_date

    left join ltv_today
        on
            published.customer_id = ltv_today.customer_id
            and published.snapshot_date = ltv_today.snapshot_date

    where
        snapshots.is_closed
        or ltv_today.customer_id is null

    union all

    select
        segmentation.customer_key,
        segmentation.is_current,
        ltv_today.customer_id,
        cast({{ dbt.date_trunc(
            'month', 'segmentation.first_order_date'
        ) }} as date) as cohort_month,
        segmentation.segment_code,
        segmentation.value_tier,
        retention.strategy_code,
        retention.recommended_strategy_code,
        {%- for column in values %}
        ltv_today.{{ column }},
        {%- endfor %}
        ltv_today.snapshot_date

    from ltv_today

    inner join snapshots
        on ltv_today.snapshot_date = snapshots.open_date

    inner join segmentation
        on
            ltv_today.customer_id = segmentation.customer_id
            and ltv_today.snapshot_date = segmentation.snapshot_date

    -- customers without a purchase, and erased ones, have no strategy
    left join retention
        on
            ltv_today.customer_id = retention.customer_id
            and ltv_today.snapshot_date = retention.snapshot_date

),

ltv as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'closed_and_open.customer_id', 'closed_and_open.snapshot_date'
        ]) }} as ltv_key,
        closed_and_open.customer_key,
        closed_and_open.customer_id,

        closed_and_open.snapshot_date,
        closed_and_open.is_current,

        closed_and_open.cohort_month,
        {% for column in (codes + values)[:-1] -%}
        closed_and_open.{{ column }},
        {% endfor -%}
        closed_and_open.{{ values[-1] }}

    from closed_and_open

)

select * from ltv
