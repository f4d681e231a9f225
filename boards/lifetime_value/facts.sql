select max(snapshot_date) as as_of_date
from cst_ads.ads_cst_ltv
where is_current
