with

forecasts as (

    select * from {{ ref('int_cst_ltv_forecasts') }}

),

-- customers with equal forecasts are equal to all that follows
cells as (

    select
        snapshot_date,
        forecast_code,
        cohort_month,
        predicted_amount,
        count(*) as customer_count,
        sum(predicted_purchase_count) as predicted_purchase_count,
        sum(realized_purchase_count) as realized_purchase_count,
        sum(realized_amount) as realized_amount,
        sum(abs(predicted_purchase_count - realized_purchase_count)) as purchase_error,
        sum(abs(predicted_amount - realized_amount)) as amount_error

    from forecasts

    group by
        snapshot_date,
        forecast_code,
        cohort_month,
        predicted_amount

),

amount_counts as (

    select
        snapshot_date,
        forecast_code,
        predicted_amount,
        sum(customer_count) as customer_count

    from cells

    group by
        snapshot_date,
        forecast_code,
        predicted_amount

),

positions as (

    select
        snapshot_date,
        forecast_code,
        predicted_amount,
        customer_count,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
            order by predicted_amount
            rows between unbounded preceding and current row
        ) as count_up_to,
        sum(customer_count) over (
            partition by snapshot_date, forecast_code
        ) as total_count

    from amount_counts

),

-- of equal forecasts on the border of the best tenth each gives the same part,
-- as no order among them may decide
ranks as (

    select
        snapshot_date,
        forecast_code,
        predicted_amount,
        {{ decile('count_up_to - customer_count', 'total_count') }}
            as forecast_decile,
        least(
            greatest(total_count * 10 - (total_count - count_up_to) * 100, 0),
            customer_count * 100
        ) / cast(customer_count * 100 as double) as top_10_part,
        least(
            greatest(total_count * 20 - (total_count - count_up_to) * 100, 0),
            customer_count * 100
        ) / cast(customer_count * 100 as double) as top_20_part

    from positions

),

forecast_cells as (

    select
        cells.snapshot_date,
        cells.forecast_code,
        cells.cohort_month,
        cells.predicted_amount,

        ranks.forecast_decile,
        cast(cells.customer_count as bigint) as customer_count,
        cast(cells.predicted_purchase_count as decimal(28, 6))
            as predicted_purchase_count,
        cast(cells.realized_purchase_count as bigint) as realized_purchase_count,
        cast(cells.purchase_error as decimal(28, 6)) as purchase_error,
        cast(cells.realized_amount as decimal(18, 2)) as realized_amount,
        cast(cells.amount_error as decimal(18, 2)) as amount_error,
        cast(
            cast(cells.realized_amount as double) * ranks.top_10_part
            as decimal(28, 6)
        ) as top_10_amount,
        cast(
            cast(cells.realized_amount as double) * ranks.top_20_part
            as decimal(28, 6)
        ) as top_20_amount

    from cells

    inner join ranks
        on
            cells.snapshot_date = ranks.snapshot_date
            and cells.forecast_code = ranks.forecast_code
            and cells.predicted_amount = ranks.predicted_amount

)

select * from forecast_cells
