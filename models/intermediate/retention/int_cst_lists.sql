{%- set close_after_days = cst_var('cst_close_after_days') -%}

with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

published_snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

    where is_period_end

),

-- a published date that is no longer computed, as of another grain, stays
lists as (

    select
        coalesce(
            snapshot_dates.snapshot_date, published_snapshots.snapshot_date
        ) as snapshot_date,

        {% for window in retention_contract_windows() -%}
        coalesce(
            {{ days_between(
                'snapshot_dates.snapshot_date',
                'snapshot_dates.last_snapshot_date'
            ) }} >= {{ window + close_after_days }}
            and not snapshot_dates.is_restated,
            true
        ) as is_{{ window }}d_closed,
        {% endfor -%}
        published_snapshots.snapshot_date is not null as is_published

    from snapshot_dates

    full outer join published_snapshots
        on snapshot_dates.snapshot_date = published_snapshots.snapshot_date

)

select * from lists
