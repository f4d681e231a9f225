with

forecast_cells as (

    select * from {{ ref('int_cst_ltv_forecast_cells') }}

),

-- each cell counts to all, to its decile and to its cohort
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
        sum(customer_count) as customer_count,
        sum(predicted_purchase_count) as predicted_purchase_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(purchase_error) as purchase_error,
        sum(customer_count * predicted_amount) as predicted_amount,
        sum(realized_amount) as realized_amount,
        sum(amount_error) as amount_error,
        sum(top_10_amount) as top_10_amount,
        sum(top_20_amount) as top_20_amount

    from cells_in_groups

    group by
        snapshot_date,
        forecast_code,
        group_type,
        group_code

),

backtest as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'group_sums.snapshot_date',
            'group_sums.forecast_code',
            'group_sums.group_type',
            'group_sums.group_code',
        ]) }} as backtest_key,

        group_sums.snapshot_date,
        {{ add_days(
            'group_sums.snapshot_date', cst_var('ltv_horizon_days')
        ) }} as horizon_end_date,

        {{ labeled_code(
            'group_sums.forecast_code', 'ltv_forecast', 'forecast_code'
        ) }},
        group_sums.forecast_code like 'past%' as is_naive,
        group_sums.group_type,
        group_sums.group_code,

        cast(group_sums.customer_count as bigint) as customer_count,

        cast(group_sums.predicted_purchase_count as decimal(18, 2))
            as predicted_purchase_count,
        cast(group_sums.realized_purchase_count as bigint) as realized_purchase_count,
        cast(
            group_sums.predicted_purchase_count - group_sums.realized_purchase_count
            as double
        ) / nullif(group_sums.realized_purchase_count, 0) as purchase_bias,
        cast(group_sums.purchase_error as double)
        / group_sums.customer_count as mean_absolute_error_count,

        cast(group_sums.predicted_amount as decimal(18, 2))
            as predicted_amount,
        cast(group_sums.realized_amount as decimal(18, 2)) as realized_amount,
        cast(
            group_sums.predicted_amount - group_sums.realized_amount as double
        ) / nullif(cast(group_sums.realized_amount as double), 0)
            as amount_bias,
        {{ average_amount(
            'group_sums.amount_error', 'group_sums.customer_count'
        ) }} as mean_absolute_error_amount,

        case
            when group_sums.group_type = 'total'
                then
                    cast(group_sums.top_10_amount as double)
                    / nullif(cast(group_sums.realized_amount as double), 0)
        end as top_10_amount_share,
        case
            when group_sums.group_type = 'total'
                then
                    cast(group_sums.top_20_amount as double)
                    / nullif(cast(group_sums.realized_amount as double), 0)
        end as top_20_amount_share

    from group_sums

)

select * from backtest
