with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

states_seen as (

    select * from {{ ref('int_cst_states_seen') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

with_previous_snapshot as (

    select
        states_seen.segment_code as previous_segment_code,
        states_seen.segment_rank as previous_segment_rank,
        states_seen.lifecycle_stage as previous_lifecycle_stage,
        states_seen.lifetime_order_count as previous_order_count,
        segments_assigned.*

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    left join states_seen
        on
            segments_assigned.customer_id = states_seen.customer_id
            and snapshot_dates.previous_snapshot_date
            = states_seen.snapshot_date

),

movements as (

    select
        *,
        case
            when previous_segment_code is null then 'new'
            when
                previous_segment_code = 'prospect'
                and segment_code != 'prospect'
                then 'new'
            when
                previous_lifecycle_stage != 'lapsed'
                and lifecycle_stage = 'lapsed'
                then 'churned'
            when
                previous_lifecycle_stage = 'lapsed'
                and lifecycle_stage not in ('lapsed', 'prospect')
                and new_order_count > 0
                then 'reactivated'
            when segment_rank > previous_segment_rank then 'up'
            when segment_rank < previous_segment_rank then 'down'
            else 'same'
        end as movement

    from with_previous_snapshot

),

states as (

    select
        *,
        case
            when previous_segment_code is null or movement = 'same' then null
            -- the history before this snapshot is not what was counted then
            when
                lifetime_order_count - previous_order_count
                != new_order_count - new_fully_refunded_order_count
                then 'data_corrected'
            -- time lifts nobody; a refund does where the first of two orders
            -- was refunded, so that the customer is new again
            when
                movement in ('new', 'up', 'reactivated')
                and (
                    new_order_count > 0
                    or (
                        new_refund_amount > 0
                        and segment_rank_at_previous_cut_points
                        > previous_segment_rank
                    )
                )
                then 'customer_acted'
            when movement in ('new', 'up', 'reactivated')
                then 'cut_points_moved'
            when segment_rank_at_previous_cut_points >= previous_segment_rank
                then 'cut_points_moved'
            when new_refund_amount > 0 then 'customer_acted'
            else 'time_passed'
        end as movement_cause

    from movements

),

segmentation as (

    select
        customer_id,
        snapshot_date,

        segment_code,
        segment_rule_id,
        rfm_class_code,
        value_tier,
        lifecycle_stage,
        previous_segment_code,
        movement,
        movement_cause,

        r_score_method,
        r_score,
        f_score,
        m_score,
        rfm_code,
        rfm_score,
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
        mean_recency_days,
        mean_frequency,
        mean_monetary_amount,
        recency_days - r_better_below_days + 1 as r_gap_days,
        f_better_above_count - frequency + 1 as f_gap_count,
        cast(
            m_better_above_amount - monetary_amount + 0.01
            as decimal(24, 2)
        ) as m_gap_amount,

        first_order_date,
        last_order_date,
        {{ days_between('first_order_date', 'snapshot_date') }}
            as tenure_days

    from states

)

select * from segmentation
