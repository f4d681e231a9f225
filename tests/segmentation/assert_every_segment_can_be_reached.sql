-- By the rules that rule, and by those that are tried.
with

segments as (

    select * from {{ ref('dim_cst_segment') }}

    where
        segment_code != 'prospect'
        and not is_total

),

rfm_cells as (

    select * from {{ ref('int_cst_rfm_cells') }}

),

challenger_cells as (

    select * from {{ ref('int_cst_challenger_cells') }}

),

segments_missed as (

    {% for cells in ['rfm_cells', 'challenger_cells'] -%}
    select
        '{{ cells }}' as cells,
        segments.segment_code

    from segments

    left join {{ cells }}
        on segments.segment_code = {{ cells }}.segment_code

    where {{ cells }}.segment_code is null

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from segments_missed
