with

forecasts as {{ not_materialized() }} (

    select * from {{ ref('int_cst_ltv_forecasts') }}

),

-- customers with equal forecasts are treated equally by everything that follows
amounts as (

    select
        snapshot_date,
        forecast_code,
        predicted_amount,
        count(*) as customer_count

    from forecasts

    group by
        snapshot_date,
        forecast_code,
        predicted_amount

),

positions as (

    select
        *,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
            order by predicted_amount
            range between unbounded preceding and current row
        ) as count_up_to,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
        ) as total_count

    from amounts

),

-- equal forecasts at the border of the best customers count in equal parts, as
-- no order among them may decide
forecast_ranks as (

    select
        forecasts.customer_id,
        forecasts.snapshot_date,
        forecasts.forecast_code,
        forecasts.is_naive,

        forecasts.cohort_month,
        forecasts.p_alive,
        forecasts.p_alive_decile,

        forecasts.predicted_purchase_count,
        forecasts.realized_purchase_count,
        forecasts.purchase_error,
        forecasts.predicted_amount,
        forecasts.realized_amount,
        forecasts.amount_error,

        {%- for percent in [10, 20] %}
        cast(
            cast(forecasts.realized_amount as double) * (
                least(
                    greatest(
                        positions.total_count * {{ percent }}
                        - (positions.total_count - positions.count_up_to) * 100,
                        0
                    ),
                    positions.customer_count * 100
                ) / cast(positions.customer_count * 100 as double)
            ) as decimal(28, 6)
        ) as top_{{ percent }}_amount,
        {%- endfor %}
        {{ decile(
            'positions.count_up_to - positions.customer_count',
            'positions.total_count'
        ) }} as forecast_decile

    from forecasts

    inner join positions
        on
            forecasts.snapshot_date = positions.snapshot_date
            and forecasts.forecast_code = positions.forecast_code
            and forecasts.predicted_amount = positions.predicted_amount

)

select * from forecast_ranks
