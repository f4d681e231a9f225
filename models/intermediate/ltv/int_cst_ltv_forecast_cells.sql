with

forecasts as (

    select * from {{ ref('int_cst_ltv_forecasts') }}

),

-- customers with equal forecasts are treated equally by everything that follows
cells as (

    select
        snapshot_date,
        forecast_code,
        cohort_month,
        predicted_amount,
        count(*) as customer_count,
        sum(predicted_purchase_count) as predicted_purchase_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(abs(predicted_purchase_count - realized_purchase_count))
            as purchase_error,
        sum(realized_amount) as realized_amount,
        sum(abs(predicted_amount - realized_amount)) as amount_error

    from forecasts

    group by
        snapshot_date,
        forecast_code,
        cohort_month,
        predicted_amount

),

positions as (

    select
        *,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code, predicted_amount
        ) as equal_count,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
            order by predicted_amount
            range between unbounded preceding and current row
        ) as count_up_to,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
        ) as total_count

    from cells

),

-- equal forecasts at the border of the best customers count in equal parts, as
-- no order among them may decide
forecast_cells as (

    select
        snapshot_date,
        forecast_code,
        cohort_month,
        predicted_amount,

        {{ decile('count_up_to - equal_count', 'total_count') }}
            as forecast_decile,
        customer_count,
        cast(predicted_purchase_count as decimal(28, 6))
            as predicted_purchase_count,
        cast(realized_purchase_count as bigint) as realized_purchase_count,
        cast(purchase_error as decimal(28, 6)) as purchase_error,
        cast(realized_amount as decimal(24, 2)) as realized_amount,
        {%- for percent in [10, 20] %}
        cast(
            cast(realized_amount as double) * (
                least(
                    greatest(
                        total_count * {{ percent }}
                        - (total_count - count_up_to) * 100,
                        0
                    ),
                    equal_count * 100
                ) / cast(equal_count * 100 as double)
            ) as decimal(28, 6)
        ) as top_{{ percent }}_amount,
        {%- endfor %}
        cast(amount_error as decimal(24, 2)) as amount_error

    from positions

)

select * from forecast_cells
