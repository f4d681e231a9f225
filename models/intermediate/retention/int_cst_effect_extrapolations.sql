{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set keys = [
    'scope_code', 'subject_code', 'arm_code', 'window_days', 'is_compared',
] -%}

with

observations as (

    select * from {{ ref('int_cst_effect_observations') }}

    where
        is_compared
        and is_mature
        and window_days in ({{ realized_value_windows() | join(', ') }})

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

ltv_amounts as (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

    where order_count != 0 or net_amount != 0

),

-- the prediction begins where the window ends, or at the next snapshot
follow_ups as (

    select
        observations.window_end_date,
        min(snapshot_dates.snapshot_date) as follow_up_date

    from observations

    inner join snapshot_dates
        on observations.window_end_date <= snapshot_dates.snapshot_date

    group by observations.window_end_date

),

predictions as (

    select
        {% for key in keys -%}
        observations.{{ key }},
        {% endfor -%}
        observations.customer_id,
        observations.segment_code,
        observations.is_compared,
        observations.is_holdout,
        observations.entry_date,
        observations.as_of_date,
        follow_ups.follow_up_date,
        ltv_amounts.predicted_ltv_amount,
        {{ add_days('follow_ups.follow_up_date', horizon_days) }}
        <= observations.as_of_date as is_over

    from observations

    inner join follow_ups
        on observations.window_end_date = follow_ups.window_end_date

    inner join ltv_amounts
        on
            observations.customer_id = ltv_amounts.customer_id
            and follow_ups.follow_up_date = ltv_amounts.snapshot_date

    where ltv_amounts.predicted_ltv_amount is not null

),

predictions_over as (

    select
        customer_id,
        follow_up_date

    from predictions

    where is_over

    group by
        customer_id,
        follow_up_date

),

-- what they then spent, once the time that was predicted is over
outcomes as (

    select
        predictions.customer_id,
        predictions.follow_up_date,
        sum(facts.net_amount) * {{ cst_var('ltv_margin_rate') or 1.0 }}
            as realized_amount

    from predictions_over as predictions

    inner join facts
        on
            predictions.customer_id = facts.customer_id
            and predictions.follow_up_date < facts.started_date
            and {{ add_days('predictions.follow_up_date', horizon_days) }}
            >= facts.fact_date

    group by
        predictions.customer_id,
        predictions.follow_up_date

),
values_known as (

    select
        predictions.*,
        case when predictions.is_over then predictions.predicted_ltv_amount end
            as predicted_then,
        case when predictions.is_over
            then coalesce(outcomes.realized_amount, 0) end as realized_since

    from predictions

    left join outcomes
        on
            predictions.customer_id = outcomes.customer_id
            and predictions.follow_up_date = outcomes.follow_up_date

),

cells as (

    {% for segment_code in ['segment_code', "'all'"] -%}
    {% for period in effect_periods() -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {{ segment_code }} as segment_code,
        '{{ period.type }}' as period_type,
        {{ period.code }} as period_code,

        {% for name, amount in {
            'extrapolated_uplift': 'predicted_ltv_amount',
            'backtest_extrapolated_uplift': 'predicted_then',
            'backtest_realized_uplift': 'realized_since',
        }.items() -%}
        cast(sum(case when not is_holdout then {{ amount }} end) as double)
        / nullif(count(case when not is_holdout then {{ amount }} end), 0)
        - cast(sum(case when is_holdout then {{ amount }} end) as double)
        / nullif(count(case when is_holdout then {{ amount }} end), 0)
            as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from values_known

    where
        {{ segment_code }} is not null
        and {{ period.condition }}

    group by
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}
        {{ segment_code }},
        {{ period.code }}

    {{ 'union all' if not loop.last }}

    {% endfor -%}
    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from cells
