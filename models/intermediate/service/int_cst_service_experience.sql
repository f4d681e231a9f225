with

service_windows as (

    select * from {{ ref('int_cst_service_windows') }}

),

service_experience as (

    select
        customer_id,
        snapshot_date,

        case
            when csat_response_count_90d + nps_response_count_90d = 0
                then 'unknown'
            when
                csat_response_count_90d > 0
                and low_csat_count_90d * 2 >= csat_response_count_90d
                then 'dissatisfied'
            when
                csat_response_count_90d > 0
                and csat_score_total_90d
                >= csat_response_count_90d
                * {{ cst_var('service_satisfied_csat_score') }}
                then 'satisfied'
            when csat_response_count_90d > 0 then 'neutral'
            -- customers who gave no score, only a recommendation
            when nps_promoter_count_90d > nps_detractor_count_90d
                then 'satisfied'
            when nps_promoter_count_90d < nps_detractor_count_90d
                then 'dissatisfied'
            else 'neutral'
        end as satisfaction_level,

        ticket_count_90d,
        open_ticket_count,
        responded_ticket_count_90d,
        resolved_ticket_count_90d,
        csat_response_count_90d,
        nps_response_count_90d,
        cast(response_seconds_90d as double)
        / nullif(responded_ticket_count_90d, 0)
        / 60 as first_response_minutes_90d,
        cast(resolution_seconds_90d as double)
        / nullif(resolved_ticket_count_90d, 0)
        / 3600 as resolution_hours_90d,
        cast(csat_score_total_90d as double)
        / nullif(csat_response_count_90d, 0) as csat_average_90d,
        cast(low_csat_count_90d as double)
        / nullif(csat_response_count_90d, 0) as low_csat_share_90d,
        cast(nps_promoter_count_90d - nps_detractor_count_90d as double)
        * 100
        / nullif(nps_response_count_90d, 0) as nps_90d,

        last_ticket_date,
        {{ days_between('last_bad_experience_date', 'snapshot_date') }}
            as days_since_bad_experience

    from service_windows

)

select * from service_experience
