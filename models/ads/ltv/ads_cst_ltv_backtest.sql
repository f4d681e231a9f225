with

forecast_cells as (

    select * from {{ ref('int_cst_ltv_forecast_cells') }}

),

-- each cell counts in the total, in its decile and in its cohort
cells_in_groups as (

    {%- for group_type, group_code in [
        ('total', "'all'"),
        ('decile', 'forecast_decile'),
        ('cohort', 'cohort_month'),
    ] %}

    select
        *,
        '{{ group_type }}' as group_type,
        cast({{ group_code }} as {{ dbt.type_string() }}) as group_code

    from forecast_cells

    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

group_sums as (

    select
        snapshot_date,
        forecast_code,
        group_type,
        group_code,
        cast(sum(customer_count) as bigint) as customer_count,
        sum(predicted_purchase_count) as predicted_purchase_count,
        cast(sum(realized_purchase_count) as bigint) as realized_purchase_count,
        cast(sum(purchase_error) as double) as purchase_error,
        cast(sum(customer_count * predicted_amount) as decimal(24, 2))
            as predicted_amount,
        cast(sum(realized_amount) as decimal(24, 2)) as realized_amount,
        sum(amount_error) as amount_error,
        case
            when group_type = 'total' then cast(sum(top_10_amount) as double)
        end as top_10_amount,
        case
            when group_type = 'total' then cast(sum(top_20_amount) as double)
        end as top_20_amount

    from cells_in_groups

    group by
        snapshot_date,
        forecast_code,
        group_type,
        group_code

),

backtest as (

    select
        {{ dbt_utils.generate_surrogate_key(
            ['snapshot_date', 'forecast_code', 'group_type', 'group_code']
        ) }} as backtest_key,

        snapshot_date,
        {{ add_days('snapshot_date', cst_var('ltv_horizon_days')) }}
            as horizon_end_date,

        {{ labeled_code('forecast_code', 'ltv_forecast', 'forecast_code') }},
        forecast_code like 'past%' as is_naive,
        group_type,
        group_code,

        customer_count,

        cast(predicted_purchase_count as decimal(24, 2))
            as predicted_purchase_count,
        realized_purchase_count,
        cast(predicted_purchase_count - realized_purchase_count as double)
        / nullif(realized_purchase_count, 0) as purchase_bias,
        purchase_error / customer_count as mean_absolute_error_count,

        predicted_amount,
        realized_amount,
        cast(predicted_amount - realized_amount as double)
        / nullif(cast(realized_amount as double), 0) as amount_bias,
        {{ average_amount('amount_error', 'customer_count') }}
            as mean_absolute_error_amount,

        top_10_amount / nullif(cast(realized_amount as double), 0)
            as top_10_amount_share,
        top_20_amount / nullif(cast(realized_amount as double), 0)
            as top_20_amount_share

    from group_sums

)

select * from backtest
