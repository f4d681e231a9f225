with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

lists as (

    select * from {{ ref('int_cst_lists') }}

    where {{ is_full_run() }} or not is_settled

),

windows_closed as (

    select
        {% for window in retention_contract_windows() -%}
        {% if window in retention_windows() -%}
        {{ add_days('snapshot_dates.snapshot_date', window) }}
        <= snapshot_dates.last_snapshot_date
            as is_mature_{{ window }}d,
        {% else -%}
        cast(null as boolean) as is_mature_{{ window }}d,
        {% endif -%}
        {% endfor -%}
        snapshot_dates.snapshot_date

    from snapshot_dates

    inner join lists
        on snapshot_dates.snapshot_date = lists.snapshot_date

)

select * from windows_closed
