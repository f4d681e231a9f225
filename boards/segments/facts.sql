select max(snapshot_date) as as_of_date
from cst_dws.dws_cst_segmentation
where is_current
