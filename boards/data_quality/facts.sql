select
    max(snapshot_date) as as_of_date,
    (select bool_or(is_sample) from cst_ads.ads_cst_data_quality) as is_sample
from cst_dim.dim_cst_snapshot
