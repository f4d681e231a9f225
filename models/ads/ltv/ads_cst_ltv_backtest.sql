{%- set columns = [
    'backtest_key', 'snapshot_date', 'horizon_end_date', 'forecast_code',
    'forecast_code_zh', 'forecast_code_en', 'is_naive', 'group_type',
    'group_code', 'customer_count', 'mean_p_alive', 'buyer_share',
    'predicted_purchase_count', 'realized_purchase_count', 'purchase_bias',
    'mean_absolute_error_count', 'predicted_amount', 'realized_amount',
    'amount_bias', 'mean_absolute_error_amount', 'top_10_amount_share',
    'top_20_amount_share',
] -%}
{#- 1 where far too much was forecast, -1 where far too little. -#}
{%- set miss -%}
    case
        when abs(predicted_amount - realized_amount)
            > abs(realized_amount) * {{ cst_var('ltv_drift_share') }}
            then sign(predicted_amount - realized_amount)
        else 0
    end
{%- endset -%}
{#- The prediction is one series, whatever its method was. -#}
{%- set last_three = 'partition by group_type, group_code, is_naive, '
    ~ 'case when is_naive then forecast_code end order by snapshot_date '
    ~ 'rows between 2 preceding and current row' -%}
{%- set groups = {
    'total': "'all'", 'decile': 'forecast_decile', 'cohort': 'cohort_month',
    'segment': 'segment_code', 'value_tier': 'value_tier',
    'acquisition_channel': "coalesce(acquisition_channel, 'unknown')",
    'p_alive_decile': 'p_alive_decile',
} -%}
{%- set sums = [
    'predicted_purchase_count', 'realized_purchase_count', 'purchase_error',
    'predicted_amount', 'realized_amount', 'amount_error', 'p_alive',
] -%}

with

forecast_ranks as (

    select * from {{ ref('int_cst_ltv_forecast_ranks') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

-- a forecast that was tested stays as it was published
closed as (

    select
        *,
        true as is_closed

    from {{ source('published', 'ads_cst_ltv_backtest') }}

    where snapshot_date in (
        select snapshots.snapshot_date
        from {{ ref('dim_cst_snapshot') }} as snapshots
        where snapshots.is_closed
    )

),

-- the customer as known on the snapshot date
forecasts as (

    select
        forecast_ranks.*,
        segmentation.segment_code,
        segmentation.value_tier,
        customers.acquisition_channel

    from forecast_ranks

    inner join segmentation
        on
            forecast_ranks.customer_id = segmentation.customer_id
            and forecast_ranks.snapshot_date = segmentation.snapshot_date

    inner join customers
        on segmentation.customer_key = customers.customer_key

),

-- each forecast counts once in every type of group
group_sums as (

    {%- for group_type, group_code in groups.items() %}

    select
        snapshot_date,
        forecast_code,
        is_naive,
        '{{ group_type }}' as group_type,
        cast({{ group_code }} as {{ dbt.type_string() }}) as group_code,
        count(*) as customer_count,
        count(p_alive) as p_alive_count,
        count(case when realized_purchase_count > 0 then 1 end) as buyer_count
        {%- for measure in sums %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %},
        cast(sum(top_10_amount) as double) as top_10_amount,
        cast(sum(top_20_amount) as double) as top_20_amount

    from forecasts

    where {{ group_code }} is not null

    group by snapshot_date, forecast_code, is_naive, {{ group_code }}

    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

backtest_today as (

    select
        {{ dbt_utils.generate_surrogate_key(
            ['snapshot_date', 'forecast_code', 'group_type', 'group_code']
        ) }} as backtest_key,

        snapshot_date,
        {{ add_days('snapshot_date', cst_var('ltv_horizon_days')) }}
            as horizon_end_date,

        {{ labeled_code('forecast_code', 'ltv_forecast', 'forecast_code') }},
        is_naive,
        group_type,
        group_code,

        cast(customer_count as bigint) as customer_count,
        cast(p_alive as double) / nullif(p_alive_count, 0) as mean_p_alive,
        cast(buyer_count as double) / customer_count as buyer_share,

        cast(predicted_purchase_count as decimal(24, 2))
            as predicted_purchase_count,
        cast(realized_purchase_count as bigint) as realized_purchase_count,
        cast(predicted_purchase_count - realized_purchase_count as double)
        / nullif(realized_purchase_count, 0) as purchase_bias,
        cast(purchase_error as double) / customer_count
            as mean_absolute_error_count,

        cast(predicted_amount as decimal(24, 2)) as predicted_amount,
        cast(realized_amount as decimal(24, 2)) as realized_amount,
        cast(predicted_amount - realized_amount as double)
        / nullif(cast(greatest(realized_amount, 0) as double), 0)
            as amount_bias,
        {{ average_amount('amount_error', 'customer_count') }}
            as mean_absolute_error_amount,

        {%- for percent in [10, 20] %}
        case when group_type = 'total' then top_{{ percent }}_amount end
        / nullif(cast(realized_amount as double), 0)
            as top_{{ percent }}_amount_share,
        {%- endfor %}

        cast(null as boolean) as is_drifting,
        false as is_closed

    from group_sums

),

closed_and_open as (

    select * from closed

    union all

    select * from backtest_today

    where snapshot_date not in (select closed.snapshot_date from closed)

),

backtest as (

    select
        {{ columns | join(',\n        ') }},
        case
            when is_closed then is_drifting
            when group_type = 'total' and count(*) over last_three = 3
                then abs(sum({{ miss }}) over last_three) = 3
        end as is_drifting

    from closed_and_open

    window last_three as ({{ last_three }})

)

select * from backtest
