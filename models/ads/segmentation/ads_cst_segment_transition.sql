with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

moves as (

    select
        snapshot_date,
        is_current,
        previous_segment_code,
        segment_code,

        count(*) as customer_count,
        {% for cause in [
            'customer_acted', 'time_passed', 'cut_points_moved', 'data_corrected'
        ] -%}
        cast(
            sum(case when movement_cause = '{{ cause }}' then 1 else 0 end)
            as bigint
        ) as {{ cause }}_count,
        {% endfor -%}
        cast(sum(monetary_amount) as decimal(18, 2)) as monetary_amount

    from segmentation

    group by
        snapshot_date,
        is_current,
        previous_segment_code,
        segment_code

),

migration as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'moves.snapshot_date',
            'moves.previous_segment_code',
            'moves.segment_code',
        ]) }} as segment_transition_key,
        moves.snapshot_date,
        moves.is_current,

        coalesce(moves.previous_segment_code, 'none') as previous_segment_code,
        coalesce(previous_segments.segment_name_zh, '首次出现')
            as previous_segment_name_zh,
        coalesce(previous_segments.segment_name_en, 'Not seen before')
            as previous_segment_name_en,
        moves.segment_code,
        segments.segment_name_zh,
        segments.segment_name_en,
        cast(
            segments.segment_rank - previous_segments.segment_rank as integer
        ) as segment_rank_change,

        moves.customer_count,
        cast(moves.customer_count as double) / sum(moves.customer_count) over (
            partition by moves.snapshot_date, moves.previous_segment_code
        ) as previous_segment_share,
        moves.customer_acted_count,
        moves.time_passed_count,
        moves.cut_points_moved_count,
        moves.data_corrected_count,
        moves.monetary_amount

    from moves

    inner join segments
        on moves.segment_code = segments.segment_code

    left join segments as previous_segments
        on moves.previous_segment_code = previous_segments.segment_code

)

select * from migration
