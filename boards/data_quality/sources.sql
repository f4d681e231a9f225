-- accepted, superseded and rejected add up to what was delivered
select
    source_name_zh,
    source_name_en,
    coalesce(sum(row_count) filter (row_status != 'flagged'), 0)
        as delivered_row_count,
    coalesce(sum(row_count) filter (row_status = 'accepted'), 0)
        as accepted_row_count,
    coalesce(sum(row_count) filter (row_status = 'superseded'), 0)
        as superseded_row_count,
    coalesce(sum(row_count) filter (row_status = 'rejected'), 0)
        as rejected_row_count,
    coalesce(sum(row_share) filter (row_status = 'rejected'), 0)
        as rejected_row_share
from cst_ads.ads_cst_data_quality
group by source_name_zh, source_name_en
order by delivered_row_count desc, source_name_en
