with

counted as (

    select
        source_name,
        reason_code,
        row_count

    from {{ ref('ads_cst_data_quality') }}

    where row_status = 'rejected'

),

kept as (

    select
        source_name,
        reject_reason,
        count(*) as row_count

    from {{ ref('ads_cst_rejected_row') }}

    group by
        source_name,
        reject_reason

)

select
    coalesce(counted.source_name, kept.source_name) as source_name,
    coalesce(counted.reason_code, kept.reject_reason) as reject_reason,
    counted.row_count as counted_rows,
    kept.row_count as kept_rows

from counted

full outer join kept
    on
        counted.source_name = kept.source_name
        and counted.reason_code = kept.reject_reason

where
    counted.row_count is null
    or kept.row_count is null
    or counted.row_count != kept.row_count
