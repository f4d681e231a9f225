with

season_ratios as (

    select * from {{ ref('int_cst_ltv_season_ratios') }}

    where {{ cst_var('ltv_seasonal_index') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- added up as decimals: a sum of doubles depends on the order of the rows
mean_ratios as (

    select
        snapshot_dates.snapshot_date,
        season_ratios.calendar_month,
        count(*) as year_count,
        cast(
            sum(cast(season_ratios.season_ratio as decimal(28, 12))) as double
        ) / count(*) as mean_ratio

    from snapshot_dates

    inner join season_ratios
        on snapshot_dates.snapshot_date >= season_ratios.known_date

    group by
        snapshot_dates.snapshot_date,
        season_ratios.calendar_month

),

all_months as (

    select
        *,
        count(*) over (partition by snapshot_date) as month_count,
        cast(sum(cast(mean_ratio as decimal(28, 12))) over (
            partition by snapshot_date
        ) as double) as total_ratio

    from mean_ratios

),

-- two whole years give each month its ratio, fewer do not
season_indexes as (

    select
        snapshot_date,
        calendar_month,

        year_count,
        mean_ratio * month_count / total_ratio as season_index

    from all_months

    where month_count = 12

)

select * from season_indexes
