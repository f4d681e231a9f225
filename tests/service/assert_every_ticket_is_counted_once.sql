with

tickets_counted as (

    select
        count(*) as ticket_count,
        count(first_responded_at) as responded_ticket_count,
        count(resolved_at) as resolved_ticket_count,
        count(csat_score) as csat_response_count,
        coalesce(sum(csat_score), 0) as csat_score_total,
        count(nps_score) as nps_response_count

    from {{ ref('stg_svc__tickets') }}

),

service_counted as (

    select
        coalesce(sum(ticket_count), 0) as ticket_count,
        coalesce(sum(responded_ticket_count), 0) as responded_ticket_count,
        coalesce(sum(resolved_ticket_count), 0) as resolved_ticket_count,
        coalesce(sum(csat_response_count), 0) as csat_response_count,
        coalesce(sum(csat_score_total), 0) as csat_score_total,
        coalesce(sum(nps_response_count), 0) as nps_response_count

    from {{ ref('int_cst_service_daily') }}

)

select
    tickets_counted.ticket_count,
    service_counted.ticket_count as service_ticket_count,
    tickets_counted.responded_ticket_count,
    service_counted.responded_ticket_count as service_responded_ticket_count,
    tickets_counted.resolved_ticket_count,
    service_counted.resolved_ticket_count as service_resolved_ticket_count,
    tickets_counted.csat_response_count,
    service_counted.csat_response_count as service_csat_response_count,
    tickets_counted.csat_score_total,
    service_counted.csat_score_total as service_csat_score_total,
    tickets_counted.nps_response_count,
    service_counted.nps_response_count as service_nps_response_count

from tickets_counted

cross join service_counted

where
    tickets_counted.ticket_count != service_counted.ticket_count
    or tickets_counted.responded_ticket_count
    != service_counted.responded_ticket_count
    or tickets_counted.resolved_ticket_count
    != service_counted.resolved_ticket_count
    or tickets_counted.csat_response_count
    != service_counted.csat_response_count
    or tickets_counted.csat_score_total != service_counted.csat_score_total
    or tickets_counted.nps_response_count != service_counted.nps_response_count
