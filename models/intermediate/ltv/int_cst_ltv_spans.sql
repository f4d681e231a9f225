{%- set horizon_days = cst_var('ltv_horizon_days') -%}
{#- A quarter of the horizon, rounded up. -#}
{%- set validation_days = (horizon_days + 3) // 4 -%}

with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

validation_dates as (

    select
        snapshot_dates.snapshot_date,
        min(later_dates.snapshot_date) as validation_date

    from snapshot_dates

    inner join snapshot_dates as later_dates
        on
            {{ add_days('snapshot_dates.snapshot_date', validation_days) }}
            <= later_dates.snapshot_date

    group by snapshot_dates.snapshot_date

),

spans as (

    select
        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,

        -- least() of a null and a number is the number on both engines
        case
            when snapshot_dates.next_snapshot_date is not null
                then least({{ days_between(
                    'snapshot_dates.snapshot_date',
                    'snapshot_dates.next_snapshot_date'
                ) }}, {{ horizon_days }})
        end as due_days,
        case
            when snapshot_dates.previous_snapshot_date is not null
                then least({{ days_between(
                    'snapshot_dates.previous_snapshot_date',
                    'snapshot_dates.snapshot_date'
                ) }}, {{ horizon_days }})
        end as entered_days,

        validation_dates.validation_date,
        {{ days_between(
            'snapshot_dates.snapshot_date', 'validation_dates.validation_date'
        ) }} as validation_days

    from snapshot_dates

    left join validation_dates
        on snapshot_dates.snapshot_date = validation_dates.snapshot_date

)

select * from spans
