-- values in quotes, so that they stand as they were delivered
select
    names.code_name_zh as source_name_zh,
    names.code_name_en as source_name_en,
    rejected.source_key,
    rejected.reason_zh,
    rejected.reason_en,
    rejected.problem_column,
    '"' || rejected.problem_value || '"' as problem_value
from cst_ads.ads_cst_rejected_row as rejected
left join cst_dim.dim_cst_code as names
    on names.code_type = 'source_name' and rejected.source_name = names.code
order by names.code_order, rejected.source_key, rejected.reject_reason
limit 50
