{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{%- set keys = ['scope_code', 'subject_code', 'arm_code', 'window_days'] -%}

with

predictions as (

    select * from {{ ref('int_cst_effect_predictions') }}

),

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

    where net_amount != 0

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
        case
            when predictions.is_over then coalesce(outcomes.realized_amount, 0)
        end as realized_since

    from predictions

    left join outcomes
        on
            predictions.customer_id = outcomes.customer_id
            and predictions.follow_up_date = outcomes.follow_up_date

),

-- of a handful of customers, it would be noise
cells as (

    {% for segment_code in ['segment_code', "'all'"] -%}
    {% for period in effect_periods() -%}
    select
        {% for key in keys -%}
        {{ key }},
        {% endfor -%}

        {% for name, amount in {
            'extrapolated_uplift': 'predicted_ltv_amount',
            'backtest_extrapolated_uplift': 'predicted_then',
            'backtest_realized_uplift': 'realized_since',
        }.items() -%}
        case
            when
                least(
                    count(case when not is_holdout then {{ amount }} end),
                    count(case when is_holdout then {{ amount }} end)
                ) >= {{ cst_var('retention_min_buyers') }}
                then
                    cast(
                        sum(case when not is_holdout then {{ amount }} end)
                        as double
                    ) / count(case when not is_holdout then {{ amount }} end)
                    - cast(
                        sum(case when is_holdout then {{ amount }} end)
                        as double
                    ) / count(case when is_holdout then {{ amount }} end)
        end as {{ name }},
        {% endfor -%}

        {{ segment_code }} as segment_code,
        '{{ period.type }}' as period_type,
        {{ period.code }} as period_code

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
