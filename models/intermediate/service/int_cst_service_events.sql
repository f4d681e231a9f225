with

service_daily as (

    select * from {{ ref('int_cst_service_daily') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

days_rated as (

    select
        customer_id,
        known_date,
        case
            -- a low score is not made good by another one of the day
            when sum(low_csat_count) > 0 then 'low'
            when
                sum(csat_response_count) > 0
                and sum(csat_score_total)
                >= sum(csat_response_count)
                * {{ cst_var('service_satisfied_csat_score') }}
                then 'high'
            when sum(csat_response_count) > 0 then 'mid'
            when sum(closed_ticket_count) > 0 then 'unrated'
        end as service_level

    from service_daily

    group by
        customer_id,
        known_date

),

-- the first experience of a period, not the worst: to wait for the worst would
-- be to know on the index date what comes after it
service_events as (

    select
        days_rated.customer_id,
        snapshot_dates.snapshot_date,
        coalesce(
            min_by(days_rated.service_level, days_rated.known_date)
            filter (where days_rated.service_level is not null),
            'open'
        ) as service_level,
        min(days_rated.known_date)
        filter (where days_rated.service_level is not null) as index_date

    from days_rated

    -- the first snapshot has no previous one: all before it is its period
    inner join snapshot_dates
        on
            days_rated.known_date <= snapshot_dates.snapshot_date
            and coalesce(
                days_rated.known_date > snapshot_dates.previous_snapshot_date,
                true
            )

    group by
        days_rated.customer_id,
        snapshot_dates.snapshot_date

)

select * from service_events
