-- What a movement's cause rests on: time only takes from scores, and so it can
-- lift nobody. A cell and its neighbours with one score, or being new, more.
with

rfm_cells as (

    select * from {{ ref('int_cst_rfm_cells') }}

)

select
    rfm_cells.rfm_code,
    rfm_cells.is_new,
    rfm_cells.segment_code,
    better_cells.rfm_code as better_rfm_code,
    better_cells.is_new as is_new_in_better_cell,
    better_cells.segment_code as worse_segment_code

from rfm_cells

inner join rfm_cells as better_cells
    on
        rfm_cells.r_score <= better_cells.r_score
        and rfm_cells.f_score <= better_cells.f_score
        and rfm_cells.m_score <= better_cells.m_score
        and (better_cells.is_new or not rfm_cells.is_new)

where
    rfm_cells.segment_rank > better_cells.segment_rank
    or rfm_cells.value_score > better_cells.value_score
