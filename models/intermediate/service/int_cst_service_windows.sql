{%- set measures = [
    'ticket_count', 'responded_ticket_count', 'resolved_ticket_count',
    'response_seconds', 'resolution_seconds',
    'csat_response_count', 'csat_score_total', 'low_csat_count',
    'nps_response_count', 'nps_promoter_count', 'nps_detractor_count',
] -%}

with

-- before the first ticket nothing is known, which is not nothing
customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

    where
        is_due
        and snapshot_date >= (
            select
                min(
                    case
                        when tickets.is_dated_early then null
                        else tickets.created_date
                    end
                )
            from {{ ref('stg_svc__tickets') }} as tickets
        )

),

service_daily as (

    select * from {{ ref('int_cst_service_daily') }}

),

service_on_snapshots as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for measure in measures %}
        sum(
            case
                when {{ days_between(
                    'service_daily.business_date',
                    'customers_on_snapshots.snapshot_date'
                ) }} < 90
                    then service_daily.{{ measure }}
            end
        ) as {{ measure }}_90d,
        {%- endfor %}
        -- open until closed, however long: no window
        sum(service_daily.ticket_count - service_daily.closed_ticket_count)
            as open_ticket_count,
        max(
            case
                when service_daily.low_csat_count > 0
                    then service_daily.known_date
            end
        ) as last_bad_experience_date,
        max(
            case
                when service_daily.ticket_count > 0
                    then service_daily.business_date
            end
        ) as last_ticket_date

    from service_daily

    inner join customers_on_snapshots
        on
            service_daily.customer_id = customers_on_snapshots.customer_id
            and service_daily.known_date
            <= customers_on_snapshots.snapshot_date

    group by
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date

),

service_windows as (

    select
        customers_on_snapshots.customer_id,
        customers_on_snapshots.snapshot_date,
        {%- for measure in measures %}
        cast(
            coalesce(service_on_snapshots.{{ measure }}_90d, 0) as bigint
        ) as {{ measure }}_90d,
        {%- endfor %}
        cast(
            coalesce(service_on_snapshots.open_ticket_count, 0) as bigint
        ) as open_ticket_count,
        service_on_snapshots.last_bad_experience_date,
        service_on_snapshots.last_ticket_date

    from customers_on_snapshots

    left join service_on_snapshots
        on
            customers_on_snapshots.customer_id
            = service_on_snapshots.customer_id
            and customers_on_snapshots.snapshot_date
            = service_on_snapshots.snapshot_date

)

select * from service_windows
