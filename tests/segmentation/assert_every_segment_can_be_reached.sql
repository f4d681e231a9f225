-- By the rules that rule, and by those that are tried.
{%- for cells in [
    ref('int_cst_rfm_cells'), ref('int_cst_challenger_cells'),
] %}
select
    segments.segment_code,
    '{{ cells.identifier }}' as cells

from {{ ref('dim_cst_segment') }} as segments

left join {{ cells }} as cells
    on segments.segment_code = cells.segment_code

where
    cells.segment_code is null
    and segments.segment_code != 'prospect'
    and not segments.is_total

{{ 'union all' if not loop.last }}
{% endfor %}
