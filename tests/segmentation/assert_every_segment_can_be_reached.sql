select segments.segment_code

from {{ ref('dim_cst_segment') }} as segments

left join {{ ref('int_cst_rfm_cells') }} as triples
    on segments.segment_code = triples.segment_code

where
    triples.segment_code is null
    and segments.segment_code != 'prospect'
    and not segments.is_total
