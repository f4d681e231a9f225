{%- set window_days = 90 -%}

with

values_daily as (

    select * from {{ ref('int_cst_values_daily') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

steps as (

    {{ window_steps([window_days]) }}

),

values_on_snapshots as (

    select
        values_daily.customer_id,
        values_daily.value_type,
        values_daily.value_seen,

        values_daily.value_count * steps.change_{{ window_days }}d
            as value_change,

        values_daily.business_date,
        {{ step_snapshot('values_daily', 'steps', 'snapshot_bounds') }}
            as snapshot_date

    from values_daily

    cross join steps

    cross join snapshot_bounds

),

changes_by_snapshot as (

    select
        customer_id,
        value_type,
        value_seen,
        snapshot_date,
        sum(value_change) as value_change,
        max(business_date) as last_seen_date

    from values_on_snapshots

    where snapshot_date is not null

    group by
        customer_id,
        value_type,
        value_seen,
        snapshot_date

),

-- a count holds until the snapshot at which the next change comes
counts_between_changes as (

    select
        customer_id,
        value_type,
        value_seen,

        sum(value_change) over to_date as value_count,

        max(last_seen_date) over to_date as last_seen_date,
        snapshot_date as holds_from_date,
        lead(snapshot_date) over (
            partition by customer_id, value_type, value_seen
            order by snapshot_date
        ) as holds_until_date

    from changes_by_snapshot

    window to_date as (
        partition by customer_id, value_type, value_seen
        order by snapshot_date
        rows between unbounded preceding and current row
    )

),

-- only what is in the window is spread over snapshots, so at most 90 days of it
counts_on_snapshots as (

    select
        counts_between_changes.customer_id,
        snapshot_dates.snapshot_date,
        counts_between_changes.value_type,
        counts_between_changes.value_seen,
        row_number() over (
            partition by
                counts_between_changes.customer_id,
                snapshot_dates.snapshot_date,
                counts_between_changes.value_type
            order by
                counts_between_changes.value_count desc,
                counts_between_changes.last_seen_date desc,
                counts_between_changes.value_seen asc
        ) as value_rank

    from counts_between_changes

    inner join snapshot_dates
        on
            counts_between_changes.holds_from_date
            <= snapshot_dates.snapshot_date
            and coalesce(
                counts_between_changes.holds_until_date
                > snapshot_dates.snapshot_date,
                true
            )

    where counts_between_changes.value_count > 0

),

main_values as (

    select
        customer_id,
        snapshot_date,
        max(case when value_type = 'device' then value_seen end) as main_device,
        max(case when value_type = 'channel' then value_seen end)
            as main_channel,
        max(case when value_type = 'category' then value_seen end)
            as main_category,
        cast(max(case when value_type = 'hour' then value_seen end) as integer)
            as main_hour

    from counts_on_snapshots

    where value_rank = 1

    group by
        customer_id,
        snapshot_date

)

select * from main_values
