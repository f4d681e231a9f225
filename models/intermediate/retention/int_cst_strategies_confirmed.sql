{%- set sticky_days = cst_var('retention_sticky_days') -%}

with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

with_previous_snapshot as (

    select
        customer_id,
        snapshot_date,

        segment_code,
        value_score,
        value_tier,
        strategy_code as wanted_strategy_code,
        strategy_reason as wanted_strategy_reason,
        lag(strategy_code) over (
            partition by customer_id
            order by snapshot_date
        ) as previous_wanted_strategy_code

    from segments_assigned

),

-- runs of snapshots on which the rules want the same
numbered_runs as (

    select
        *,
        sum(
            case
                when wanted_strategy_code = previous_wanted_strategy_code
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
        ) as wanted_since_date

    from numbered_runs

),

judged as (

    select
        *,
        -- who has nothing to keep gets at once what the rules want
        wanted_strategy_code is null
        or previous_wanted_strategy_code is null
        or {{ days_between('wanted_since_date', 'snapshot_date') }}
        >= {{ sticky_days }} as is_confirmed

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
        max(case when is_confirmed then wanted_strategy_code end) over (
            partition by
                customer_id,
                confirmation_number
        ) as strategy_code

    from numbered_confirmations

),

strategies_confirmed as (

    select
        customer_id,
        snapshot_date,

        segment_code,
        value_score,
        value_tier,
        wanted_strategy_code,
        wanted_strategy_reason,
        strategy_code,

        strategy_code != wanted_strategy_code as is_strategy_kept,

        wanted_since_date

    from carried_forward

    where strategy_code is not null

)

select * from strategies_confirmed
