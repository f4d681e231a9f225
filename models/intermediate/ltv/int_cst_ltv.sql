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

amounts as (

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
        amounts.*,
        case
            when previous_snapshots.is_closed
                then
                    amounts.ltv_amount - amounts.ltv_change_amount
                    - coalesce(published.ltv_amount, 0)
        end as restated_amount

    from amounts

    left join snapshot_dates
        on amounts.snapshot_date = snapshot_dates.snapshot_date

    left join snapshot_dates as previous_snapshots
        on
            snapshot_dates.previous_snapshot_date
            = previous_snapshots.snapshot_date

    left join published
        on
            amounts.customer_id = published.customer_id
            and previous_snapshots.snapshot_date = published.snapshot_date

),

ltv as (

    select
        restated.customer_id,

        restated.snapshot_date,

        restated.historic_ltv_amount,
        restated.predicted_ltv_amount,
        restated.ltv_amount,
        cast(
            restated.ltv_change_amount + coalesce(restated.restated_amount, 0)
            as decimal(24, 2)
        ) as ltv_change_amount,
        restated.ltv_realized_change_amount,
        restated.ltv_time_change_amount,
        restated.ltv_outlook_change_amount,
        restated.ltv_horizon_change_amount,
        restated.ltv_refit_change_amount,
        cast(
            case
                when restated.ltv_change_amount is not null
                    then coalesce(restated.restated_amount, 0)
            end as decimal(24, 2)
        ) as ltv_restated_change_amount,
        cast(
            cast(restated.ltv_amount as double)
            / {{ cst_var('ltv_margin_rate') or 1.0 }}
            * margins.gross_margin_rate as decimal(24, 2)
        ) as ltv_gross_profit_amount,
        margins.gross_margin_rate,
        margins.margin_coverage_share,

        restated.ltv_decile,
        {{ ltv_tier('restated.ltv_decile') }} as ltv_tier,

        predictions.p_alive,
        {{ labeled_code(p_alive_reason, 'p_alive_reason') }},
        predictions.expected_purchase_count,
        predictions.expected_order_amount,

        predictions.method as ltv_method,
        {{ labeled_code(method_reason, 'ltv_method_reason') }}

    from restated

    left join predictions
        on
            restated.customer_id = predictions.customer_id
            and restated.snapshot_date = predictions.snapshot_date

    left join margins
        on restated.snapshot_date = margins.snapshot_date

)

select * from ltv
