with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

calibrations_published as (

    select distinct
        snapshot_date,
        horizon_days

    from {{ source('published', 'ads_cst_purchase_calibration') }}

),

horizons as (

    {%- for horizon_days in purchase_horizons() %}

    select {{ horizon_days }} as horizon_days

    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

horizons_due as (

    select
        snapshot_dates.snapshot_date,
        horizons.horizon_days,
        {{ add_days('snapshot_dates.snapshot_date', 'horizons.horizon_days') }}
            as horizon_end_date

    from snapshot_dates

    cross join horizons

    left join calibrations_published
        on
            snapshot_dates.snapshot_date = calibrations_published.snapshot_date
            and horizons.horizon_days = calibrations_published.horizon_days

    where
        {{ add_days('snapshot_dates.snapshot_date', 'horizons.horizon_days') }}
        <= snapshot_dates.last_snapshot_date
        -- what was tested on a closed snapshot stays as it was published
        and (
            not snapshot_dates.is_closed
            or calibrations_published.snapshot_date is null
        )

)

select * from horizons_due
