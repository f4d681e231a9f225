with

rfm_values as (

    select * from {{ ref('int_cst_rfm_values') }}

),

rfm_scores as (

    select * from {{ ref('int_cst_rfm_scores') }}

),

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshots as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'rfm_values.customer_id', 'rfm_values.snapshot_date'
        ]) }} as segmentation_key,
        customers.customer_key,
        rfm_values.customer_id,

        rfm_values.snapshot_date,
        snapshot_dates.is_current,

        segments_assigned.segment_code,
        segments_assigned.segment_rule_id,
        segments_assigned.segment_code_at_previous_cut_points,
        segments_assigned.rfm_class_code,
        segments_assigned.value_tier,
        segments_assigned.lifecycle_stage,
        segments.segment_rank,

        rfm_scores.r_score,
        rfm_scores.f_score,
        rfm_scores.m_score,
        segments_assigned.value_score,

        rfm_values.recency_days,
        rfm_values.frequency,
        rfm_values.monetary_amount,
        rfm_values.lifetime_order_count,
        rfm_values.lifetime_net_amount,
        rfm_values.new_order_count,
        rfm_values.new_fully_refunded_order_count,
        rfm_values.new_refund_amount,

        -- a recency edge is a standing, -days; here it is days again
        cast(-rfm_scores.recency_edge_below as bigint) as r_worse_from_days,
        cast(-rfm_scores.recency_edge_above as bigint) as r_better_below_days,
        cast(rfm_scores.frequency_edge_below as bigint) as f_worse_up_to_count,
        cast(rfm_scores.frequency_edge_above as bigint) as f_better_above_count,
        rfm_scores.monetary_edge_below as m_worse_up_to_amount,
        rfm_scores.monetary_edge_above as m_better_above_amount,

        rfm_values.first_order_date,
        rfm_values.last_order_date

    from rfm_values

    inner join snapshot_dates
        on rfm_values.snapshot_date = snapshot_dates.snapshot_date

    inner join segments_assigned
        on
            rfm_values.customer_id = segments_assigned.customer_id
            and rfm_values.snapshot_date = segments_assigned.snapshot_date

    inner join segments
        on segments_assigned.segment_code = segments.segment_code

    -- the customer as known at the end of the snapshot date
    inner join customers
        on
            rfm_values.customer_id = customers.customer_id
            and snapshot_dates.as_of_cutoff_at > customers.valid_from_at
            and snapshot_dates.as_of_cutoff_at <= customers.valid_to_at

    left join rfm_scores
        on
            rfm_values.customer_id = rfm_scores.customer_id
            and rfm_values.snapshot_date = rfm_scores.snapshot_date

),

with_previous_snapshot as (

    select
        *,
        lag(segment_code) over by_customer as previous_segment_code,
        lag(segment_rank) over by_customer as previous_segment_rank,
        lag(frequency) over by_customer as previous_frequency,
        lag(lifetime_order_count) over by_customer
            as previous_lifetime_order_count

    from snapshots

    window by_customer as (
        partition by customer_id
        order by snapshot_date
    )

),

movements as (

    select
        *,
        case
            when previous_segment_code is null then 'new'
            when
                segment_code = previous_segment_code
                and segment_code = 'prospect'
                then 'same'
            when previous_segment_code = 'prospect' then 'new'
            when previous_frequency = 0 and frequency > 0 then 'reactivated'
            when previous_frequency > 0 and frequency = 0 then 'churned'
            when segment_rank > previous_segment_rank then 'up'
            when segment_rank < previous_segment_rank then 'down'
            else 'same'
        end as movement

    from with_previous_snapshot

),

segmentation as (

    select
        segmentation_key,
        customer_key,
        customer_id,

        snapshot_date,
        is_current,

        segment_code,
        segment_rule_id,
        rfm_class_code,
        value_tier,
        lifecycle_stage,

        previous_segment_code,
        movement,
        case
            when previous_segment_code is null or movement = 'same' then null
            -- the history before this snapshot is not what was counted then
            when
                lifetime_order_count
                != previous_lifetime_order_count
                + new_order_count
                - new_fully_refunded_order_count
                then 'data_corrected'
            when new_order_count > 0 or new_refund_amount > 0
                then 'customer_acted'
            when
                segment_code_at_previous_cut_points = previous_segment_code
                and movement in ('up', 'down')
                then 'cut_points_moved'
            else 'time_passed'
        end as movement_cause,

        cast(r_score as integer) as r_score,
        cast(f_score as integer) as f_score,
        cast(m_score as integer) as m_score,
        cast(r_score as string)
        || cast(f_score as string)
        || cast(m_score as string) as rfm_code,
        cast(r_score + f_score + m_score as integer) as rfm_score,
        value_score,

        recency_days,
        frequency,
        monetary_amount,
        {{ average_amount('monetary_amount', 'frequency') }}
            as average_order_amount,
        lifetime_order_count,
        lifetime_net_amount,
        new_order_count,
        new_refund_amount,

        r_worse_from_days,
        r_better_below_days,
        f_worse_up_to_count,
        f_better_above_count,
        m_worse_up_to_amount,
        m_better_above_amount,
        recency_days - r_better_below_days + 1 as r_gap_days,
        f_better_above_count - frequency + 1 as f_gap_count,
        cast(
            m_better_above_amount - monetary_amount + 0.01 as decimal(18, 2)
        ) as m_gap_amount,

        first_order_date,
        last_order_date,
        {{ days_between('first_order_date', 'snapshot_date') }} as tenure_days

    from movements

)

select * from segmentation
