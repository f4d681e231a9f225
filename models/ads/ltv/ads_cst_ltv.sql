{%- set amounts = [
    'historic_ltv_amount', 'predicted_ltv_amount', 'ltv_amount',
    'ltv_change_amount', 'ltv_realized_change_amount',
    'ltv_time_change_amount', 'ltv_outlook_change_amount',
    'ltv_horizon_change_amount', 'ltv_refit_change_amount',
] -%}
{%- set labels = [
    'ltv_decile', 'ltv_tier', 'p_alive', 'p_alive_reason', 'p_alive_reason_zh',
    'p_alive_reason_en', 'expected_purchase_count', 'expected_order_amount',
    'ltv_method', 'ltv_method_reason', 'ltv_method_reason_zh',
    'ltv_method_reason_en',
] -%}
{%- set codes = [
    'segment_code', 'value_tier', 'strategy_code', 'recommended_strategy_code',
] -%}

with

ltv_today as (

    select * from {{ ref('int_cst_ltv') }}

),

published as (

    select * from {{ source('published', 'ads_cst_ltv') }}

),

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

previous_snapshots as (

    select
        snapshot_date,
        lag(snapshot_date) over (order by snapshot_date)
            as previous_snapshot_date,
        coalesce(lag(is_closed) over (order by snapshot_date), false)
            as is_previous_closed

    from snapshots

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

-- what the previous snapshot would be by what is known now, less what was
-- published of it
restated as (

    select
        ltv_today.customer_id,
        ltv_today.snapshot_date,
        cast(
            case
                when previous_snapshots.is_previous_closed
                    then ltv_today.ltv_amount - ltv_today.ltv_change_amount
                        - coalesce(published.ltv_amount, 0)
                when ltv_today.ltv_change_amount is not null then 0
            end as decimal(24, 2)
        ) as restated_amount

    from ltv_today

    inner join previous_snapshots
        on ltv_today.snapshot_date = previous_snapshots.snapshot_date

    left join published
        on
            ltv_today.customer_id = published.customer_id
            and previous_snapshots.previous_snapshot_date
            = published.snapshot_date

),

closed_and_open as (

    select
        published.customer_id,
        published.snapshot_date,
        published.cohort_month,
        {%- for column in codes + amounts + labels %}
        published.{{ column }},
        {%- endfor %}
        published.ltv_restated_change_amount

    from published

    inner join snapshots
        on published.snapshot_date = snapshots.snapshot_date

    where snapshots.is_closed

    union all

    select
        ltv_today.customer_id,
        ltv_today.snapshot_date,
        cast({{ dbt.date_trunc('month', 'segmentation.first_order_date') }}
            as date) as cohort_month,
        segmentation.segment_code,
        segmentation.value_tier,
        retention.strategy_code,
        retention.recommended_strategy_code,
        {%- for column in amounts + labels %}
        {%- if column == 'ltv_change_amount' %}
        cast(
            ltv_today.ltv_change_amount + restated.restated_amount
            as decimal(24, 2)
        ) as ltv_change_amount,
        {%- else %}
        ltv_today.{{ column }},
        {%- endif %}
        {%- endfor %}
        restated.restated_amount as ltv_restated_change_amount

    from ltv_today

    inner join snapshots
        on ltv_today.snapshot_date = snapshots.snapshot_date

    inner join segmentation
        on
            ltv_today.customer_id = segmentation.customer_id
            and ltv_today.snapshot_date = segmentation.snapshot_date

    inner join restated
        on
            ltv_today.customer_id = restated.customer_id
            and ltv_today.snapshot_date = restated.snapshot_date

    -- customers without a purchase, and erased ones, have no strategy
    left join retention
        on
            ltv_today.customer_id = retention.customer_id
            and ltv_today.snapshot_date = retention.snapshot_date

    where not snapshots.is_closed

),

ltv as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'closed_and_open.customer_id', 'closed_and_open.snapshot_date'
        ]) }} as ltv_key,
        segmentation.customer_key,
        closed_and_open.customer_id,

        closed_and_open.snapshot_date,
        segmentation.is_current,

        closed_and_open.cohort_month,
        {% for column in codes + amounts -%}
        closed_and_open.{{ column }},
        {% endfor -%}
        closed_and_open.ltv_restated_change_amount,
        {% for column in labels -%}
        closed_and_open.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from closed_and_open

    inner join segmentation
        on
            closed_and_open.customer_id = segmentation.customer_id
            and closed_and_open.snapshot_date = segmentation.snapshot_date

)

select * from ltv
