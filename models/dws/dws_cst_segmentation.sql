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
        lag(frequency) over by_customer as previous_frequency,
        lag(lifetime_order_count) over by_customer as previous_order_count

    from segments_assigned

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
                previous_segment_code = 'prospect'
                and segment_code != 'prospect'
                then 'new'
            when previous_frequency = 0 and frequency > 0 then 'reactivated'
            when previous_frequency > 0 and frequency = 0 then 'churned'
            when segment_rank > previous_segment_rank then 'up'
            when segment_rank < previous_segment_rank then 'down'
            else 'same'
        end as movement

    from with_previous_snapshot

),

movements_explained as (

    select
        *,
        case
            when previous_segment_code is null or movement = 'same' then null
            -- the history before this snapshot is not what was counted then
            when
                previous_order_count
                + new_order_count
                - new_fully_refunded_order_count != lifetime_order_count
                then 'data_corrected'
            when new_order_count > 0 or new_refund_amount > 0
                then 'customer_acted'
            when
                segment_code_at_previous_cut_points = previous_segment_code
                and movement in ('up', 'down')
                then 'cut_points_moved'
            else 'time_passed'
        end as movement_cause

    from movements

),

segmentation as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'assigned.customer_id', 'assigned.snapshot_date'
        ]) }} as segmentation_key,
        customers.customer_key,
        assigned.customer_id,

        assigned.snapshot_date,
        snapshot_dates.is_current,

        assigned.segment_code,
        assigned.segment_rule_id,
        assigned.rfm_class_code,
        assigned.value_tier,
        assigned.lifecycle_stage,

        assigned.previous_segment_code,
        assigned.movement,
        assigned.movement_cause,

        assigned.r_score,
        assigned.f_score,
        assigned.m_score,
        assigned.rfm_code,
        assigned.rfm_score,
        assigned.value_score,

        assigned.recency_days,
        assigned.frequency,
        assigned.monetary_amount,
        {{ average_amount('assigned.monetary_amount', 'assigned.frequency') }}
            as average_order_amount,
        assigned.lifetime_order_count,
        assigned.lifetime_net_amount,
        assigned.new_order_count,
        assigned.new_refund_amount,

        assigned.r_worse_from_days,
        assigned.r_better_below_days,
        assigned.f_worse_up_to_count,
        assigned.f_better_above_count,
        assigned.m_worse_up_to_amount,
        assigned.m_better_above_amount,
        assigned.recency_days - assigned.r_better_below_days + 1 as r_gap_days,
        assigned.f_better_above_count - assigned.frequency + 1 as f_gap_count,
        cast(
            assigned.m_better_above_amount - assigned.monetary_amount + 0.01
            as decimal(18, 2)
        ) as m_gap_amount,

        assigned.first_order_date,
        assigned.last_order_date,
        {{ days_between('assigned.first_order_date', 'assigned.snapshot_date') }}
            as tenure_days

    from movements_explained as assigned

    inner join snapshot_dates
        on assigned.snapshot_date = snapshot_dates.snapshot_date

    -- the customer as known at the end of the snapshot date
    inner join customers
        on
            assigned.customer_id = customers.customer_id
            and snapshot_dates.as_of_cutoff_at > customers.valid_from_at
            and snapshot_dates.as_of_cutoff_at <= customers.valid_to_at

)

select * from segmentation
