select
    strftime(snapshot_month, '%Y-%m') as month,
    repurchase_rate
from cst_ads.ads_cst_repurchase
where measure_code = 'in_window' and cut_code = 'total'
    and is_last_of_month and is_mature
order by snapshot_month
