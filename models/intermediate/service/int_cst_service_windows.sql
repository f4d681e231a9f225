{%- set measures = [
    'ticket_count', 'responded_ticket_count', 'resolved_ticket_count',
    'response_seconds', 'resolution_seconds',
    'csat_response_count', 'csat_score_total', 'low_csat_count',
    'nps_response_count', 'nps_promoter_count', 'nps_detractor_count',
] -%}

with

service_daily as (

    select * from {{ ref('int_cst_service_daily') }}

),

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

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

ticket_log as (

    select min(business_date) as first_ticket_date

    from service_daily

),

first_snapshots as (

    select
        customer_id,
        min(snapshot_date) as first_snapshot_date

    from customers_on_snapshots

    group by customer_id

),

steps as (

    {{ window_steps([90]) }}

),

days_on_snapshots as (

    select
        service_daily.*,
        steps.*,
        {{ step_snapshot('service_daily', 'steps', 'snapshot_bounds') }}
            as step_snapshot_date

    from service_daily

    cross join steps

    cross join snapshot_bounds

),

-- a ticket can be older than the first snapshot that knows the customer
changes_by_snapshot as (

    select
        days_on_snapshots.customer_id,
        greatest(
            days_on_snapshots.step_snapshot_date,
            first_snapshots.first_snapshot_date
        ) as snapshot_date,
        {%- for measure in measures %}
        sum(days_on_snapshots.{{ measure }} * days_on_snapshots.change_90d)
            as {{ measure }}_change,
        {%- endfor %}
        -- open until closed, however long: no window
        sum(
            case
                when days_on_snapshots.step_days = 0
                    then
                        days_on_snapshots.ticket_count
                        - days_on_snapshots.closed_ticket_count
                else 0
            end
        ) as open_ticket_change,
        max(
            case
                when days_on_snapshots.low_csat_count > 0
                    then days_on_snapshots.known_date
            end
        ) as last_bad_experience_date,
        max(
            case
                when days_on_snapshots.ticket_count > 0
                    then days_on_snapshots.business_date
            end
        ) as last_ticket_date

    from days_on_snapshots

    inner join first_snapshots
        on days_on_snapshots.customer_id = first_snapshots.customer_id

    where days_on_snapshots.step_snapshot_date is not null

    group by
        days_on_snapshots.customer_id,
        greatest(
            days_on_snapshots.step_snapshot_date,
            first_snapshots.first_snapshot_date
        )

),

service_windows as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for measure in measures %}
        cast(
            sum(coalesce(changes_by_snapshot.{{ measure }}_change, 0))
                over to_date
            as bigint
        ) as {{ measure }}_90d,
        {%- endfor %}
        cast(
            sum(coalesce(changes_by_snapshot.open_ticket_change, 0))
                over to_date
            as bigint
        ) as open_ticket_count,
        max(changes_by_snapshot.last_bad_experience_date)
            over to_date as last_bad_experience_date,
        max(changes_by_snapshot.last_ticket_date)
            over to_date as last_ticket_date

    from customers_on_snapshots

    -- before the first ticket nothing is known, which is not nothing
    inner join ticket_log
        on customers_on_snapshots.snapshot_date >= ticket_log.first_ticket_date

    left join changes_by_snapshot
        on
            customers_on_snapshots.customer_id
            = changes_by_snapshot.customer_id
            and customers_on_snapshots.snapshot_date
            = changes_by_snapshot.snapshot_date

    window to_date as (
        partition by customers_on_snapshots.customer_id
        order by customers_on_snapshots.snapshot_date
        rows between unbounded preceding and current row
    )

)

select * from service_windows
