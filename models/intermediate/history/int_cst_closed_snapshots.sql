with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshots_due') }}

    where is_closed and is_due

),

lists as (

    select * from {{ ref('int_cst_lists') }}

),

published_snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

),

closed_snapshots as (

    select
        snapshot_dates.snapshot_date,

        {% for window in retention_contract_windows() -%}
        lists.is_{{ window }}d_closed,
        {% endfor -%}

        -- a release may bring rules of its own, so it is named first
        case
            when published_snapshots.code_version != '{{ code_version() }}'
                then 'code_version'
            when published_snapshots.rules_hash != '{{ rules_hash() }}'
                then 'rule_change'
        end as rules_cause_code

    from snapshot_dates

    inner join lists
        on snapshot_dates.snapshot_date = lists.snapshot_date

    inner join published_snapshots
        on snapshot_dates.snapshot_date = published_snapshots.snapshot_date

)

select * from closed_snapshots
