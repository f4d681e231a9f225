-- tickets of 90 days by value tier; means weigh each answer, not each customer
select
    tiers.code_name_zh as value_tier_zh,
    tiers.code_name_en as value_tier_en,
    sum(behavior.ticket_count_90d) as ticket_count_90d,
    sum(behavior.open_ticket_count) as open_ticket_count,
    sum(behavior.first_response_minutes_90d
        * behavior.responded_ticket_count_90d)
    / nullif(sum(behavior.responded_ticket_count_90d), 0)
        as first_response_minutes,
    sum(behavior.resolution_hours_90d * behavior.resolved_ticket_count_90d)
    / nullif(sum(behavior.resolved_ticket_count_90d), 0)
        as resolution_hours,
    sum(behavior.csat_response_count_90d) as csat_response_count_90d,
    sum(behavior.csat_average_90d * behavior.csat_response_count_90d)
    / nullif(sum(behavior.csat_response_count_90d), 0) as csat_average_90d,
    sum(behavior.nps_response_count_90d) as nps_response_count,
    sum(behavior.nps_90d * behavior.nps_response_count_90d)
    / nullif(sum(behavior.nps_response_count_90d), 0) as nps
from cst_dws.dws_cst_behavior as behavior
inner join cst_dws.dws_cst_segmentation as segmentation
    on behavior.customer_id = segmentation.customer_id
    and behavior.snapshot_date = segmentation.snapshot_date
inner join cst_dim.dim_cst_code as tiers
    on tiers.code_type = 'value_tier'
    and coalesce(segmentation.value_tier, 'none') = tiers.code
where behavior.is_current
group by all
order by min(tiers.code_order)
