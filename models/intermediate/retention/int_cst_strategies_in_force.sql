{%- set of_customer = 'partition by customer_id order by snapshot_date' -%}
{%- set over = 'over (' ~ of_customer ~ ')' -%}
{%- set before = ' rows between unbounded preceding and 1 preceding' -%}
{%- set columns = [
    'customer_id', 'snapshot_date', 'choice_probability',
    'recommended_strategy_code', 'strategy_rule_id', 'has_cooling_off',
] -%}
{%- set holdout_since = date_literal(retention_holdout_since()) -%}

with

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

),

strategies_published as (

    select * from {{ ref('int_cst_strategies_published') }}

),

-- what was published stays, and so does a date without a recommendation: after
-- it, all starts anew
recommendations as (

    select
        {{ columns | join(',\n        ') }},
        strategy_code is not null as is_list_due,
        coalesce(default_strategy_code, strategy_code)
            as published_default_code,
        strategy_code as drawn_strategy_code,
        is_holdout as is_published_holdout,
        episode_start_date as published_start_date

    from strategies_published

    union all

    select
        {{ columns | join(',\n        ') }},
        is_list_due,
        cast(null as string) as published_default_code,
        drawn_strategy_code,
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

-- there is nothing to cool off from at first
decisions as (

    select
        *,
        case
            when published_default_code is not null then published_default_code
            when
                is_list_due
                and (
                    previous_strategy_code is null
                    or not (has_cooling_off and had_cooling_off)
                    or {{ days_between(
                        'recommended_since_date', 'snapshot_date'
                    ) }} >= {{ cst_var('retention_cooling_off_days') }}
                )
                then recommended_strategy_code
        end as decided_strategy_code

    from unbroken_recommendations

    where
        recommended_strategy_code is not null
        and (is_list_due or previous_strategy_code is not null)

),

-- what is in force stays until a list changes it, or people would be contacted
-- before they are compared
carried_forward as (

    select
        *,
        max_by(
            decided_strategy_code,
            case when decided_strategy_code is not null then snapshot_date end
        ) over ({{ of_customer ~ before }}) as previous_default_code

    from decisions

),

episodes as (

    select
        *,
        coalesce(decided_strategy_code, previous_default_code)
            as default_strategy_code,
        max(
            case
                when published_start_date is not null then published_start_date
                when
                    previous_strategy_code is null
                    or decided_strategy_code != previous_default_code
                    then snapshot_date
            end
        ) {{ over }} as episode_start_date

    from carried_forward

),

-- what was drawn, or published, when an episode began holds until it ends
choices as (

    select
        *,
        coalesce(
            {{ of_episode('drawn_strategy_code') }}, default_strategy_code
        ) as strategy_code,
        coalesce({{ of_episode('choice_probability') }}, 1e0)
            as episode_probability,
        {{ of_episode('is_published_holdout') }} as is_episode_holdout

    from episodes

),

strategies_in_force as (

    select
        choices.customer_id,
        choices.snapshot_date,
        choices.strategy_code,
        choices.default_strategy_code,
        choices.episode_probability as choice_probability,
        choices.recommended_strategy_code,
        choices.strategy_rule_id,
        choices.default_strategy_code != choices.recommended_strategy_code
            as is_in_cooling_off,
        -- who has the strategy when the first list is used enters then
        choices.snapshot_date = choices.episode_start_date
        or coalesce(
            choices.snapshot_date = program_groups.holdout_since_date, false
        ) as is_entry,
        coalesce(choices.snapshot_date >= {{ holdout_since }}, false)
            as is_holdout_in_use,
        program_groups.is_program_holdout,
        program_groups.is_program_holdout
        or coalesce(choices.is_episode_holdout, {{ is_episode_holdout(
            'choices.customer_id', 'choices.strategy_code',
            'choices.episode_start_date',
        ) }}) as is_holdout,
        choices.recommended_since_date,
        choices.episode_start_date

    from choices

    inner join {{ ref('int_cst_program_groups') }} as program_groups
        on choices.customer_id = program_groups.customer_id

    -- earlier rows of an erased customer stay, or groups would change later on
    where
        program_groups.erased_at is null
        or choices.published_default_code is not null
        or program_groups.erased_at
        >= {{ day_start_at(add_days('choices.snapshot_date', 1)) }}

)

select * from strategies_in_force
