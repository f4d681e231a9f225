{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}
{%- set over = 'over (partition by customer_id order by snapshot_date)' -%}
{%- set holdout_since = date_literal(retention_holdout_since()) -%}

with

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

),

strategies_published as (

    select * from {{ ref('int_cst_strategies_published') }}

),

program_groups as (

    select * from {{ ref('int_cst_program_groups') }}

),

-- what was published stays, and so does a date without a recommendation: after
-- it, all starts anew
recommendations as (

    select
        customer_id,
        snapshot_date,
        strategy_code is not null as is_list_due,
        strategy_code as published_strategy_code,
        recommended_strategy_code,
        strategy_rule_id,
        has_cooling_off,
        is_holdout as is_published_holdout,
        episode_start_date as published_start_date

    from strategies_published

    union all

    select
        customer_id,
        snapshot_date,
        is_list_due,
        cast(null as string) as published_strategy_code,
        recommended_strategy_code,
        strategy_rule_id,
        has_cooling_off,
        cast(null as boolean) as is_published_holdout,
        cast(null as date) as published_start_date

    from strategies_recommended

),

with_previous as (

    select
        *,
        lag(recommended_strategy_code) {{ over }} as previous_strategy_code,
        lag(has_cooling_off) {{ over }} as had_cooling_off

    from recommendations

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
        ) {{ over }} as recommended_since_date

    from with_previous

),

-- there is nothing to cool off from at first; what is in force stays until a
-- list changes it, or people would be contacted before they are compared
carried_forward as (

    select
        *,
        max_by(
            coalesce(published_strategy_code, recommended_strategy_code),
            case
                when
                    published_strategy_code is not null
                    or (
                        is_list_due
                        and (
                            previous_strategy_code is null
                            or not (has_cooling_off and had_cooling_off)
                            or {{ days_between(
                                'recommended_since_date', 'snapshot_date'
                            ) }} >= {{ cooling_off_days }}
                        )
                    )
                    then snapshot_date
            end
        ) {{ over }} as strategy_code

    from unbroken_recommendations

    where
        recommended_strategy_code is not null
        and (is_list_due or previous_strategy_code is not null)

),

starts as (

    select
        *,
        case
            when published_start_date is not null then published_start_date
            when
                previous_strategy_code is null
                or strategy_code != lag(strategy_code) {{ over }}
                then snapshot_date
        end as start_date

    from carried_forward

),

episodes as (

    select
        *,
        max(start_date) {{ over }} as episode_start_date

    from starts

),

strategies_in_force as (

    select
        episodes.customer_id,
        episodes.snapshot_date,
        episodes.strategy_code,
        episodes.recommended_strategy_code,
        episodes.strategy_rule_id,
        episodes.strategy_code != episodes.recommended_strategy_code
            as is_in_cooling_off,
        -- who has the strategy when the first list is used enters then
        episodes.snapshot_date = episodes.episode_start_date
        or coalesce(
            episodes.snapshot_date = program_groups.holdout_since_date, false
        ) as is_entry,
        coalesce(episodes.snapshot_date >= {{ holdout_since }}, false)
            as is_holdout_in_use,
        program_groups.is_program_holdout,
        -- a group that was published holds for the rest of the episode
        program_groups.is_program_holdout
        or coalesce(
            max(episodes.is_published_holdout) over (
                partition by episodes.customer_id, episodes.episode_start_date
            ),
            {{ is_episode_holdout(
                'episodes.customer_id', 'episodes.strategy_code',
                'episodes.episode_start_date',
            ) }}
        ) as is_holdout,
        episodes.recommended_since_date,
        episodes.episode_start_date

    from episodes

    inner join program_groups
        on episodes.customer_id = program_groups.customer_id

    -- earlier rows of an erased customer stay, or groups would change later on
    where
        program_groups.erased_at is null
        or episodes.published_strategy_code is not null
        or program_groups.erased_at
        >= {{ day_start_at(add_days('episodes.snapshot_date', 1)) }}

)

select * from strategies_in_force
