select
    source_name_zh,
    source_name_en,
    row_status_zh,
    row_status_en,
    reason_zh,
    reason_en,
    row_count,
    row_share as delivered_row_share,
    order_amount
from cst_ads.ads_cst_data_quality
where row_status in ('rejected', 'flagged')
order by row_status desc, row_count desc, source_name, reason_code
