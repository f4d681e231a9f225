select
    max(snapshot_date) as as_of_date,
    greatest(max(r_score), max(f_score)) as highest_score
from cst_dws.dws_cst_segmentation
where is_current
