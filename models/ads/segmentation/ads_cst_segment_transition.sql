with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

transitions as (

    select
        snapshot_date,
        is_current,
        previous_segment_code,
        segment_code,

        count(*) as customer_count,
        count(*) filter (where movement_cause = 'customer_acted')
            as customer_acted_count,
        count(*) filter (where movement_cause = 'time_passed')
            as time_passed_count,
        count(*) filter (where movement_cause = 'cut_points_moved')
            as cut_points_moved_count,
        count(*) filter (where movement_cause = 'data_corrected')
            as data_corrected_count,

        count(*) filter (where frequency > 0) as buyer_count,
        cast(sum(frequency) as bigint) as order_count,
        cast(sum(monetary_amount) as decimal(24, 2)) as monetary_amount

    from segmentation

    group by
        snapshot_date,
        is_current,
        previous_segment_code,
        segment_code

),

transitions_labeled as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'transitions.snapshot_date',
            'transitions.previous_segment_code',
            'transitions.segment_code',
        ]) }} as segment_transition_key,
        transitions.snapshot_date,
        transitions.is_current,

        coalesce(transitions.previous_segment_code, 'none')
            as previous_segment_code,
        coalesce(previous_segments.segment_name_zh, '首次出现')
            as previous_segment_name_zh,
        coalesce(previous_segments.segment_name_en, 'Not seen before')
            as previous_segment_name_en,
        transitions.segment_code,
        segments.segment_name_zh,
        segments.segment_name_en,
        cast(
            segments.segment_rank - previous_segments.segment_rank as integer
        ) as segment_rank_change,

        transitions.customer_count,
        cast(transitions.customer_count as double)
        / sum(transitions.customer_count) over (
            partition by
                transitions.snapshot_date, transitions.previous_segment_code
        ) as previous_segment_share,
        transitions.customer_acted_count,
        transitions.time_passed_count,
        transitions.cut_points_moved_count,
        transitions.data_corrected_count,

        transitions.monetary_amount,
        transitions.order_count,
        transitions.buyer_count,
        {{ average_amount(
            'transitions.monetary_amount', 'transitions.order_count'
        ) }} as average_order_amount,
        {{ average_amount(
            'transitions.monetary_amount', 'transitions.buyer_count'
        ) }} as average_buyer_amount

    from transitions

    inner join segments
        on transitions.segment_code = segments.segment_code

    left join segments as previous_segments
        on transitions.previous_segment_code = previous_segments.segment_code

)

select * from transitions_labeled
