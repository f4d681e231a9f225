{%- set method_reason -%}
    case
        when predictions.customer_id is null then 'no_purchase'
        else predictions.method_reason
    end
{%- endset -%}
{%- set p_alive_reason -%}
    case
        when predictions.customer_id is null then 'no_prediction'
        else predictions.p_alive_reason
    end
{%- endset -%}

with

predictions as (

    select * from {{ ref('int_cst_ltv_predictions') }}

),

amounts as {{ not_materialized() }} (

    select * from {{ ref('int_cst_ltv_amounts') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

margins as (

    select * from {{ ref('int_cst_ltv_margins') }}

),

published as (

    select * from {{ source('published', 'ads_cst_ltv') }}

),

-- what the previous snapshot would be by what is known now, less what was
-- published of it; that is in no other part of the change
restated as (

    select
        amounts.customer_id,
        amounts.snapshot_date,
        amounts.ltv_amount - amounts.ltv_change_amount
        - coalesce(published.ltv_amount, 0) as restated_amount

    from amounts

    inner join snapshot_dates
        on amounts.snapshot_date = snapshot_dates.snapshot_date

    inner join snapshot_dates as previous_snapshots
        on
            snapshot_dates.previous_snapshot_date
            = previous_snapshots.snapshot_date
            and previous_snapshots.is_closed

    left join published
        on
            amounts.customer_id = published.customer_id
            and snapshot_dates.previous_snapshot_date = published.snapshot_date

),

ltv as (

    select
        amounts.customer_id,

        amounts.snapshot_date,

        amounts.historic_ltv_amount,
        amounts.predicted_ltv_amount,
        amounts.ltv_amount,
        cast(
            amounts.ltv_change_amount + coalesce(restated.restated_amount, 0)
            as decimal(24, 2)
        ) as ltv_change_amount,
        amounts.ltv_realized_change_amount,
        amounts.ltv_time_change_amount,
        amounts.ltv_outlook_change_amount,
        amounts.ltv_horizon_change_amount,
        amounts.ltv_refit_change_amount,
        cast(
            case
                when amounts.ltv_change_amount is not null
                    then coalesce(restated.restated_amount, 0)
            end as decimal(24, 2)
        ) as ltv_restated_change_amount,
        cast(
            cast(amounts.ltv_amount as double)
            / {{ cst_var('ltv_margin_rate') or 1.0 }}
            * margins.gross_margin_rate as decimal(24, 2)
        ) as ltv_gross_profit_amount,
        margins.gross_margin_rate,
        margins.margin_coverage_share,

        amounts.ltv_decile,
        {{ ltv_tier('amounts.ltv_decile') }} as ltv_tier,

        predictions.p_alive,
        {{ labeled_code(p_alive_reason, 'p_alive_reason') }},
        predictions.expected_purchase_count,
        predictions.expected_order_amount,

        predictions.method as ltv_method,
        {{ labeled_code(method_reason, 'ltv_method_reason') }}

    from amounts

    left join predictions
        on
            amounts.customer_id = predictions.customer_id
            and amounts.snapshot_date = predictions.snapshot_date

    left join margins
        on amounts.snapshot_date = margins.snapshot_date

    left join restated
        on
            amounts.customer_id = restated.customer_id
            and amounts.snapshot_date = restated.snapshot_date

)

select * from ltv
