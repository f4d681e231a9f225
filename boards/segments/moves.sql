select
    previous_segment_name_zh,
    previous_segment_name_en,
    segment_name_zh,
    segment_name_en,
    customer_count,
    previous_segment_share,
    customer_acted_count,
    time_passed_count,
    cut_points_moved_count,
    data_corrected_count,
    monetary_amount
from cst_ads.ads_cst_segment_transition
where is_current and previous_segment_code != segment_code
    and previous_segment_code != 'none'
order by customer_count desc, previous_segment_code, segment_code
limit 12
