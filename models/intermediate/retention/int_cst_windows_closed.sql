with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

windows_closed as (

    select
        {% for window in retention_contract_windows() -%}
        {% if window in retention_windows() -%}
        {{ add_days('snapshot_date', window) }} <= last_snapshot_date
            as is_mature_{{ window }}d,
        {% else -%}
        cast(null as boolean) as is_mature_{{ window }}d,
        {% endif -%}
        {% endfor -%}
        snapshot_date

    from snapshot_dates

)

select * from windows_closed
