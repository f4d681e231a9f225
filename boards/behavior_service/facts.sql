select max(snapshot_date) as as_of_date
from cst_dws.dws_cst_behavior
where is_current
