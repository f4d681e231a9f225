{%- set amount = 'decimal(18, 2)' -%}
{%- set measures = {
    'order_count': 'bigint', 'visit_count': 'bigint', 'net_amount': amount,
    'discount_amount': amount, 'contact_cost_amount': amount,
    'gross_profit_amount': amount, 'profit_net_amount': amount,
} -%}
{%- set is_outcome = 'facts.started_date > entries_in_windows.entry_date' -%}
{%- set is_prior = 'facts.fact_date <= entries_in_windows.entry_date' -%}
{%- set columns = [
    'scope_code', 'subject_code', 'arm_code', 'customer_id', 'segment_code',
    'window_days', 'is_compared', 'is_holdout', 'is_mature',
    'are_visits_known', 'are_profits_known', 'entry_date', 'window_end_date',
] -%}

with

program_entries as (

    select * from {{ ref('int_cst_program_entries') }}

),

strategies_in_force as {{ not_materialized() }} (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

campaign_entries as (

    select * from {{ ref('int_cst_campaign_entries') }}

),

windows as (

    select * from {{ ref('int_cst_effect_windows') }}

),

facts as (

    select * from {{ ref('int_cst_effect_facts') }}

),

-- who is held out by a wider draw is in no narrower comparison
entries as (

    select
        'program' as scope_code,
        'program' as subject_code,
        'all' as arm_code,
        customer_id,
        entry_date as snapshot_date,
        is_compared,
        is_holdout,
        entry_date

    from program_entries

    union all

    -- at entry alone: later on, groups are what earlier contacts made of them
    select
        'strategy' as scope_code,
        strategy_code as subject_code,
        'all' as arm_code,
        customer_id,
        snapshot_date,
        is_holdout_in_use as is_compared,
        is_holdout_in_use and is_holdout as is_holdout,
        snapshot_date as entry_date

    from strategies_in_force

    where is_entry and not (is_holdout_in_use and is_program_holdout)

    union all

    select
        'campaign' as scope_code,
        campaign_entries.campaign_id as subject_code,
        campaign_entries.arm_code,
        campaign_entries.customer_id,
        campaign_entries.snapshot_date,
        true as is_compared,
        campaign_entries.is_control as is_holdout,
        campaign_entries.entry_date

    from campaign_entries

    left join strategies_in_force
        on
            campaign_entries.customer_id = strategies_in_force.customer_id
            and campaign_entries.snapshot_date
            = strategies_in_force.snapshot_date

    where
        not campaign_entries.is_holdout_in_use
        or not (
            campaign_entries.is_program_holdout
            or coalesce(strategies_in_force.is_holdout, false)
        )

),

-- before there is a row for each window, or memory is full of them
entries_seen as (

    select
        entries.*,
        states_seen.segment_code

    from entries

    left join {{ ref('int_cst_states_seen') }} as states_seen
        on
            entries.customer_id = states_seen.customer_id
            and entries.snapshot_date = states_seen.snapshot_date

),

entries_in_windows as (

    select
        entries_seen.*,
        windows.window_days,
        windows.as_of_date,
        {{ add_days('entries_seen.entry_date', 'windows.window_days') }}
            as window_end_date,
        {% for known in ['visits', 'profits'] -%}
        coalesce(
            {{ add_days('entries_seen.entry_date', 1) }}
            >= windows.{{ known }}_begin_date, false
        ) as are_{{ known }}_known,
        {% endfor -%}
        {{ add_days('entries_seen.entry_date', 'windows.window_days') }}
        <= windows.as_of_date as is_mature

    from entries_seen

    cross join windows

),

-- what began before the entry is no outcome of it, so neither is its refund;
-- the money of the year before tells most of what will be spent
observations as (

    select
        {% for column in columns -%}
        entries_in_windows.{{ column }},
        {% endfor -%}
        {% for measure, type in measures.items() -%}
        cast(
            coalesce(
                sum(case when {{ is_outcome }} then facts.{{ measure }} end), 0
            ) as {{ type }}
        ) as {{ measure }},
        {% endfor -%}
        cast(
            coalesce(
                sum(case when {{ is_prior }} then facts.net_amount end), 0
            ) as {{ amount }}
        ) as prior_amount,

        -- a strategy is carried out by its own campaigns
        coalesce(
            bool_or(
                facts.contact_count > 0
                and {{ is_outcome }}
                and case entries_in_windows.scope_code
                    when 'program' then 'program'
                    when 'strategy' then facts.strategy_code
                    else facts.campaign_id
                end = entries_in_windows.subject_code
            ), false
        ) as is_contacted,
        entries_in_windows.as_of_date

    from entries_in_windows

    left join facts
        on
            entries_in_windows.customer_id = facts.customer_id
            and entries_in_windows.window_end_date >= facts.fact_date
            and entries_in_windows.entry_date
            < {{ add_days('facts.fact_date', 365) }}

    group by
        {% for column in columns -%}
        entries_in_windows.{{ column }},
        {% endfor -%}
        entries_in_windows.as_of_date

)

select * from observations
