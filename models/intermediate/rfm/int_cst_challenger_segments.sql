with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

challenger_cells as (

    select * from {{ ref('int_cst_challenger_cells') }}

),

-- scores are the customer's, whatever the rules: a rule only names what they
-- make
challenger_segments as (

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,

        segments_assigned.segment_code as champion_segment_code,
        segments_assigned.segment_rule_id as champion_segment_rule_id,
        coalesce(challenger_cells.segment_code, 'prospect')
            as challenger_segment_code,
        challenger_cells.rule_id as challenger_segment_rule_id,

        segments_assigned.value_score

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    left join challenger_cells
        on
            segments_assigned.r_score = challenger_cells.r_score
            and segments_assigned.f_score = challenger_cells.f_score
            and segments_assigned.m_score = challenger_cells.m_score
            and segments_assigned.is_new = challenger_cells.is_new

)

select * from challenger_segments
