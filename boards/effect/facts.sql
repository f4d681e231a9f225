select
    max(snapshot_date) as as_of_date,
    (select max(window_days) from cst_ads.ads_cst_effect where is_headline)
        as window_days
from cst_dim.dim_cst_snapshot
