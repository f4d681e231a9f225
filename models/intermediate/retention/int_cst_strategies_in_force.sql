{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

erasures as (

    select * from {{ ref('base_cst__erasures') }}

),

recommendations as (

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,
        snapshot_dates.is_period_end,
        snapshot_dates.is_holdout_in_use,
        snapshot_dates.holdout_since_date,
        snapshot_dates.as_of_cutoff_at,
        strategies_recommended.recommended_strategy_code,
        strategies_recommended.recommendation_source,
        lag(strategies_recommended.recommended_strategy_code) over (
            partition by segments_assigned.customer_id
            order by segments_assigned.snapshot_date
        ) as previous_strategy_code

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    -- a snapshot without a recommendation stays: after it, all starts anew
    left join strategies_recommended
        on
            segments_assigned.segment_code = strategies_recommended.segment_code
            and segments_assigned.value_tier = strategies_recommended.value_tier

),

unbroken_recommendations as (

    select
        *,
        max(
            case
                when recommended_strategy_code = previous_strategy_code
                    then null
                else snapshot_date
            end
        ) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as recommended_since_date

    from recommendations

),

-- there is nothing to cool off from on a first snapshot, or on one after a
-- snapshot without a recommendation; between two period ends nothing changes,
-- or people would be contacted before they are compared
changes as (

    select
        *,
        case
            when
                is_period_end
                and (
                    previous_strategy_code is null
                    or {{ days_between(
                        'recommended_since_date', 'snapshot_date'
                    ) }} >= {{ cooling_off_days }}
                )
                then snapshot_date
        end as in_force_date

    from unbroken_recommendations

    where
        recommended_strategy_code is not null
        and (is_period_end or previous_strategy_code is not null)

),

-- what came into force last stays until something else does
carried_forward as (

    select
        *,
        max_by(recommended_strategy_code, in_force_date) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as strategy_code

    from changes

),

starts as (

    select
        *,
        case
            when
                previous_strategy_code is not null
                and strategy_code = lag(strategy_code) over (
                    partition by customer_id
                    order by snapshot_date
                )
                then null
            else snapshot_date
        end as start_date

    from carried_forward

),

episodes as (

    select
        *,
        max(start_date) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as episode_start_date,
        {{ is_program_holdout('customer_id') }} as is_program_holdout

    from starts

),

strategies_in_force as (

    select
        episodes.customer_id,
        episodes.snapshot_date,

        episodes.strategy_code,
        episodes.recommended_strategy_code,
        episodes.recommendation_source,

        episodes.strategy_code != episodes.recommended_strategy_code
            as is_in_cooling_off,
        -- who has the strategy when the first list is used enters then
        episodes.snapshot_date = episodes.episode_start_date
        or coalesce(
            episodes.snapshot_date = episodes.holdout_since_date, false
        ) as is_entry,
        episodes.is_holdout_in_use,
        episodes.is_program_holdout,
        episodes.is_program_holdout
        or {{ is_episode_holdout(
            'episodes.customer_id', 'episodes.strategy_code',
            'episodes.episode_start_date',
        ) }} as is_holdout,

        episodes.recommended_since_date,
        episodes.episode_start_date

    from episodes

    left join erasures
        on episodes.customer_id = erasures.customer_id

    -- earlier rows of an erased customer stay: without them, groups would
    -- change after their results are known
    where
        erasures.erased_at is null
        or erasures.erased_at >= episodes.as_of_cutoff_at

)

select * from strategies_in_force
