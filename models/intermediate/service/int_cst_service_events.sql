{%- set satisfied_csat_score = cst_var('service_satisfied_csat_score') -%}

with

service_daily as (

    select * from {{ ref('int_cst_service_daily') }}

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

days as (

    select
        service_daily.customer_id,
        service_daily.known_date,
        {{ snapshot_on_or_after(
            'service_daily.known_date', 'snapshot_bounds'
        ) }} as snapshot_date,
        sum(service_daily.closed_ticket_count) as closed_ticket_count,
        sum(service_daily.csat_response_count) as csat_response_count,
        sum(service_daily.csat_score_total) as csat_score_total,
        sum(service_daily.low_csat_count) as low_csat_count

    from service_daily

    inner join snapshot_bounds
        on service_daily.known_date <= snapshot_bounds.last_snapshot_date

    group by
        service_daily.customer_id,
        service_daily.known_date,
        snapshot_bounds.first_snapshot_date,
        snapshot_bounds.last_snapshot_date

),

-- a bad score is not made good by another one of the day
days_rated as (

    select
        customer_id,
        known_date,
        snapshot_date,
        case
            when low_csat_count > 0 then 'low'
            when
                csat_response_count > 0
                and csat_score_total
                >= csat_response_count * {{ satisfied_csat_score }}
                then 'high'
            when csat_response_count > 0 then 'mid'
            when closed_ticket_count > 0 then 'unrated'
        end as service_level

    from days

),

first_days as (

    select
        customer_id,
        known_date,
        snapshot_date,
        service_level,
        min(case when service_level is not null then known_date end) over (
            partition by
                customer_id,
                snapshot_date
        ) as index_date

    from days_rated

),

-- the first of a period, not the worst: to wait for the worst would be to know
-- on the index date what comes after it
service_events as (

    select
        customer_id,
        snapshot_date,
        coalesce(
            max(case when known_date = index_date then service_level end),
            'open'
        ) as service_level,
        max(index_date) as index_date

    from first_days

    group by
        customer_id,
        snapshot_date

)

select * from service_events
