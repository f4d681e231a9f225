with

rfm_values as (

    select
        *,
        {{ days_between('first_order_date', 'snapshot_date') }}
        <= {{ cst_var('lifecycle_new_days') }} as is_new

    from {{ ref('int_cst_rfm_values') }}

    where is_due

),

rfm_scores as (

    select * from {{ ref('int_cst_rfm_scores') }}

),

ntile_scores as (

    select * from {{ ref('int_cst_rfm_ntile_scores') }}

),

rfm_cells as (

    select * from {{ ref('int_cst_rfm_cells') }}

),

rfm_classes as (

    select * from {{ ref('cst_rfm_classes') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

segments_published as (

    select * from {{ ref('int_cst_segments_published') }}

),

-- customers without purchases find no score, and so no cell and no class
segments_assigned as (

    select
        rfm_values.customer_id,
        rfm_values.snapshot_date,
        segments.segment_code,
        -- what people acted on, where it was published
        coalesce(segments_published.segment_code, segments.segment_code)
            as acted_on_segment_code,
        segments.segment_rank,
        rfm_cells.rule_id as segment_rule_id,
        coalesce(previous_cells.segment_rank, segments.segment_rank)
            as segment_rank_at_previous_cut_points,
        rfm_classes.rfm_class_code,
        rfm_cells.value_tier,
        coalesce(rfm_cells.lifecycle_stage, 'prospect') as lifecycle_stage,

        recency.method as r_score_method,
        rfm_cells.r_score,
        rfm_cells.f_score,
        rfm_cells.m_score,
        rfm_cells.rfm_code,
        rfm_cells.rfm_score,
        rfm_cells.value_score,

        rfm_values.recency_days,
        rfm_values.frequency,
        rfm_values.monetary_amount,
        rfm_values.lifetime_order_count,
        rfm_values.lifetime_net_amount,
        rfm_values.new_order_count,
        rfm_values.new_fully_refunded_order_count,
        rfm_values.new_refund_amount,
        rfm_values.is_new,

        -- recency is negated back into days
        cast(-recency.cut_point_below as bigint) as r_worse_from_days,
        cast(-recency.cut_point_above as bigint) as r_better_below_days,
        cast(frequency.cut_point_below as bigint) as f_worse_up_to_count,
        cast(frequency.cut_point_above as bigint) as f_better_above_count,
        case
            when monetary.cut_point_below >= 0 then monetary.cut_point_below
        end as m_worse_up_to_amount,
        monetary.cut_point_above as m_better_above_amount,

        -recency.mean_value as mean_recency_days,
        frequency.mean_value as mean_frequency,
        monetary.mean_value as mean_monetary_amount,

        rfm_values.first_order_date,
        rfm_values.last_order_date

    from rfm_values

    left join rfm_scores as recency
        on
            rfm_values.snapshot_date = recency.snapshot_date
            and -rfm_values.recency_days = recency.oriented_value
            and recency.measure = 'recency'

    left join rfm_scores as frequency
        on
            recency.snapshot_date = frequency.snapshot_date
            and rfm_values.frequency = frequency.oriented_value
            and frequency.measure = 'frequency'

    left join rfm_scores as monetary
        on
            recency.snapshot_date = monetary.snapshot_date
            and rfm_values.monetary_amount = monetary.oriented_value
            and monetary.measure = 'monetary'

    -- where a measure is scored by ntile, its customers have their own score
    left join ntile_scores
        on
            rfm_values.customer_id = ntile_scores.customer_id
            and rfm_values.snapshot_date = ntile_scores.snapshot_date

    left join rfm_cells
        on
            coalesce(ntile_scores.r_score, recency.score) = rfm_cells.r_score
            and coalesce(ntile_scores.f_score, frequency.score)
            = rfm_cells.f_score
            and coalesce(ntile_scores.m_score, monetary.score)
            = rfm_cells.m_score
            and rfm_values.is_new = rfm_cells.is_new

    left join rfm_cells as previous_cells
        on
            recency.score_at_previous_cut_points = previous_cells.r_score
            and frequency.score_at_previous_cut_points = previous_cells.f_score
            and monetary.score_at_previous_cut_points = previous_cells.m_score
            and rfm_values.is_new = previous_cells.is_new

    inner join segments
        on coalesce(rfm_cells.segment_code, 'prospect') = segments.segment_code

    left join segments_published
        on
            rfm_values.customer_id = segments_published.customer_id
            and rfm_values.snapshot_date = segments_published.snapshot_date

    left join rfm_classes
        on
            recency.is_above_average = rfm_classes.is_recent
            and frequency.is_above_average = rfm_classes.is_frequent
            and monetary.is_above_average = rfm_classes.is_high_spending

)

select * from segments_assigned
