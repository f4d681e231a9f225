{#- The end of the newest month that is over by the snapshot date. -#}
{%- set newest_month_end = add_days(
    'cast(' ~ dbt.date_trunc(
        'month', add_days('snapshot_dates.snapshot_date', 1)
    ) ~ ' as date)', -1
) -%}

with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

triangle as (

    select * from {{ ref('int_cst_ltv_triangle') }}

),

first_months as (

    select * from {{ ref('int_cst_ltv_first_months') }}

),

bases as (

    select
        snapshot_dates.snapshot_date,
        triangle.acquisition_month,

        triangle.age_months as base_age_months,
        triangle.cumulative_gross_amount as gross_amount,
        triangle.cumulative_refund_amount as refund_amount

    from snapshot_dates

    inner join triangle
        on {{ newest_month_end }} = triangle.month_end_date

    union all

    -- the triangle does not hold the month still in progress, and so not the
    -- customers acquired in it
    select
        snapshot_dates.snapshot_date,
        first_months.acquisition_month,

        0 as base_age_months,
        cast(sum(first_months.gross_amount) as decimal(24, 2)) as gross_amount,
        cast(sum(first_months.refund_amount) as decimal(24, 2)) as refund_amount

    from snapshot_dates

    inner join first_months
        on
            last_day(snapshot_dates.snapshot_date)
            = last_day(first_months.acquisition_month)
            and snapshot_dates.snapshot_date >= first_months.posted_date

    where snapshot_dates.snapshot_date != last_day(snapshot_dates.snapshot_date)

    group by
        snapshot_dates.snapshot_date,
        first_months.acquisition_month

),

cohort_bases as (

    select
        snapshot_date,
        acquisition_month,

        base_age_months,
        gross_amount as base_gross_amount,
        refund_amount as base_refund_amount,

        -- free orders only: nothing was paid that could be paid back
        coalesce(
            cast(sum(refund_amount) over of_snapshot as double)
            / nullif(cast(sum(gross_amount) over of_snapshot as double), 0),
            cast(0 as double)
        ) as refund_share

    from bases

    window of_snapshot as (partition by snapshot_date)

)

select * from cohort_bases
