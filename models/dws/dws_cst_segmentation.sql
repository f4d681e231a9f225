with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

with_previous_snapshot as (

    select
        *,
        lag(segment_code) over by_customer as previous_segment_code,
        lag(segment_rank) over by_customer as previous_segment_rank,
        lag(lifecycle_stage) over by_customer as previous_lifecycle_stage,
        lag(lifetime_order_count) over by_customer as previous_order_count

    from segments_assigned

    window by_customer as (partition by customer_id order by snapshot_date)

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
        {{ dbt_utils.generate_surrogate_key([
            'states.customer_id', 'states.snapshot_date'
        ]) }} as segmentation_key,
        customers.customer_key,
        states.customer_id,
        states.snapshot_date,
        snapshot_dates.is_current,

        states.segment_code,
        states.segment_rule_id,
        states.rfm_class_code,
        states.value_tier,
        states.lifecycle_stage,
        states.previous_segment_code,
        states.movement,
        states.movement_cause,

        states.r_score_method,
        states.r_score,
        states.f_score,
        states.m_score,
        states.rfm_code,
        states.rfm_score,
        states.value_score,

        states.recency_days,
        states.frequency,
        states.monetary_amount,
        {{ average_amount('states.monetary_amount', 'states.frequency') }}
            as average_order_amount,
        states.lifetime_order_count,
        states.lifetime_net_amount,
        states.new_order_count,
        states.new_refund_amount,

        states.r_worse_from_days,
        states.r_better_below_days,
        states.f_worse_up_to_count,
        states.f_better_above_count,
        states.m_worse_up_to_amount,
        states.m_better_above_amount,
        states.mean_recency_days,
        states.mean_frequency,
        states.mean_monetary_amount,
        states.recency_days - states.r_better_below_days + 1 as r_gap_days,
        states.f_better_above_count - states.frequency + 1 as f_gap_count,
        cast(
            states.m_better_above_amount - states.monetary_amount + 0.01
            as decimal(24, 2)
        ) as m_gap_amount,

        states.first_order_date,
        states.last_order_date,
        {{ days_between('states.first_order_date', 'states.snapshot_date') }}
            as tenure_days

    from states

    inner join snapshot_dates
        on states.snapshot_date = snapshot_dates.snapshot_date

    -- the customer as known at the end of the snapshot date
    inner join customers
        on
            states.customer_id = customers.customer_id
            and snapshot_dates.as_of_cutoff_at > customers.valid_from_at
            and snapshot_dates.as_of_cutoff_at <= customers.valid_to_at

)

select * from segmentation
