{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

recommendations as (

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,

        segments_assigned.segment_code,
        segments_assigned.value_score,
        segments_assigned.value_tier,
        coalesce(segments.strategy_code, strategies.strategy_code)
            as recommended_strategy_code,
        case
            when segments.strategy_code is not null then 'segment'
            when strategies.strategy_code is not null then 'value_tier'
        end as recommendation_source

    from segments_assigned

    left join segments
        on segments_assigned.segment_code = segments.segment_code

    left join strategies
        on segments_assigned.value_tier = strategies.value_tier

),

with_previous_snapshot as (

    select
        *,
        lag(recommended_strategy_code) over (
            partition by customer_id
            order by snapshot_date
        ) as previous_recommended_strategy_code

    from recommendations

),

-- runs of snapshots on which the rules want the same
numbered_runs as (

    select
        *,
        sum(
            case
                when recommended_strategy_code = previous_recommended_strategy_code
                    then 0
                else 1
            end
        ) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as run_number

    from with_previous_snapshot

),

runs as (

    select
        *,
        min(snapshot_date) over (
            partition by
                customer_id,
                run_number
        ) as recommended_since_date

    from numbered_runs

),

judged as (

    select
        *,
        -- who has nothing to keep gets at once what the rules want
        recommended_strategy_code is null
        or previous_recommended_strategy_code is null
        or {{ days_between('recommended_since_date', 'snapshot_date') }}
        >= {{ cooling_off_days }} as is_confirmed

    from runs

),

numbered_confirmations as (

    select
        *,
        sum(cast(is_confirmed as integer)) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as confirmation_number

    from judged

),

-- the last confirmed strategy, carried forward: the only confirmed row of
-- its number is the first
carried_forward as (

    select
        *,
        max(case when is_confirmed then recommended_strategy_code end) over (
            partition by
                customer_id,
                confirmation_number
        ) as strategy_code

    from numbered_confirmations

),

strategies_in_force as (

    select
        customer_id,
        snapshot_date,

        segment_code,
        value_score,
        value_tier,
        recommended_strategy_code,
        recommendation_source,
        strategy_code,

        strategy_code != recommended_strategy_code as is_in_cooling_off,

        recommended_since_date

    from carried_forward

    where strategy_code is not null

)

select * from strategies_in_force
