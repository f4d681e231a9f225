select segments.segment_code

from {{ ref('dim_cst_segment') }} as segments

left join {{ ref('int_cst_rfm_cells') }} as rfm_cells
    on segments.segment_code = rfm_cells.segment_code

where
    rfm_cells.segment_code is null
    and segments.segment_code != 'prospect'
    and not segments.is_total
