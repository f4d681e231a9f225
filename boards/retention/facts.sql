select max(as_of_date) as as_of_date
from cst_ads.ads_cst_first_purchase
