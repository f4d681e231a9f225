{%- set longest_window = retention_contract_windows() | max -%}

with

snapshot_dates as (

    select
        *,
        case
            when is_restated then -1
            else
                {{ days_between('snapshot_date', 'last_snapshot_date') }}
                - {{ cst_var('cst_close_after_days') }}
        end as days_closed

    from {{ ref('int_cst_snapshot_dates') }}

),

published_snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

    where is_period_end

),

lists_measured as (

    select
        snapshot_date,
        bool_or(is_mature_{{ longest_window }}d) as is_measured

    from {{ source('published', 'dws_cst_retention') }}

    group by snapshot_date

),

-- a published date that is no longer computed, as of another grain, stays
lists as (

    select
        coalesce(
            snapshot_dates.snapshot_date, published_snapshots.snapshot_date
        ) as snapshot_date,

        {% for window in retention_contract_windows() -%}
        coalesce(snapshot_dates.days_closed >= {{ window }}, true)
            as is_{{ window }}d_closed,
        {% endfor -%}
        coalesce(
            lists_measured.is_measured
            and snapshot_dates.days_closed >= {{ longest_window }}, false
        ) as is_settled,
        published_snapshots.snapshot_date as published_date

    from snapshot_dates

    full outer join published_snapshots
        on snapshot_dates.snapshot_date = published_snapshots.snapshot_date

    left join lists_measured
        on published_snapshots.snapshot_date = lists_measured.snapshot_date

)

select * from lists
