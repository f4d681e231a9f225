select
    ltv_family_zh,
    ltv_family_en,
    is_available,
    is_chosen,
    validation_count,
    predicted_purchase_count,
    realized_purchase_count,
    squared_error_ratio,
    ltv_method_reason_zh,
    ltv_method_reason_en
from cst_ads.ads_cst_ltv_method
qualify snapshot_date = max(snapshot_date) over ()
order by is_chosen desc, squared_error_ratio, ltv_family
