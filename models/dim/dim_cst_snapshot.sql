{%- set close_after_days = cst_var('cst_close_after_days') -%}

with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

published_snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

    where is_period_end

),

as_of as (

    select max(last_snapshot_date) as as_of_date from snapshot_dates

),

-- a published date that this run does not compute, as of another grain, stays
snapshots_published as (

    select
        published_snapshots.*,
        coalesce(snapshot_dates.is_closed, true) as stays_closed

    from published_snapshots

    inner join as_of
        on published_snapshots.snapshot_date <= as_of.as_of_date

    left join snapshot_dates
        on published_snapshots.snapshot_date = snapshot_dates.snapshot_date

),

closed_snapshots as (

    select * from snapshots_published

    where stays_closed

),

snapshots as (

    select
        snapshot_date,

        is_period_end,
        false as is_current,
        true as is_closed,
        is_restated,

        closes_on_date,
        first_published_as_of_date,
        written_as_of_date,

        code_version,
        rules_hash

    from closed_snapshots

    union all

    select
        snapshot_dates.snapshot_date,

        snapshot_dates.is_period_end,
        snapshot_dates.is_current,
        false as is_closed,
        snapshot_dates.is_restated
        or coalesce(snapshots_published.is_restated, false) as is_restated,

        {{ add_days('snapshot_dates.snapshot_date', close_after_days) }}
            as closes_on_date,
        coalesce(
            snapshots_published.first_published_as_of_date,
            snapshot_dates.last_snapshot_date
        ) as first_published_as_of_date,
        snapshot_dates.last_snapshot_date as written_as_of_date,

        '{{ code_version() }}' as code_version,
        '{{ rules_hash() }}' as rules_hash

    from snapshot_dates

    left join snapshots_published
        on snapshot_dates.snapshot_date = snapshots_published.snapshot_date

    where not coalesce(snapshots_published.stays_closed, false)

)

select * from snapshots
