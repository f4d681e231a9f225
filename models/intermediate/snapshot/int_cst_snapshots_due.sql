with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

forecasts_tested as (

    select distinct snapshot_date

    from {{ source('published', 'ads_cst_ltv_backtest') }}

),

snapshots_due as (

    select
        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        snapshot_dates.last_snapshot_date,

        snapshot_dates.is_closed,
        {{ is_full_run() }} or not snapshot_dates.is_closed as is_due,
        -- an open snapshot is compared with the one before it
        {{ is_full_run() }}
        or not snapshot_dates.is_closed
        or coalesce(
            not lead(snapshot_dates.is_closed) over (
                order by snapshot_dates.snapshot_date
            ), false
        )
        or (
            forecasts_tested.snapshot_date is null
            and {{ add_days(
                'snapshot_dates.snapshot_date', cst_var('ltv_horizon_days')
            ) }} <= snapshot_dates.last_snapshot_date
        ) as is_needed

    from snapshot_dates

    left join forecasts_tested
        on snapshot_dates.snapshot_date = forecasts_tested.snapshot_date

)

select * from snapshots_due
