{%- set contacts_are_known =
    cst_source_is_enabled('touch') and cst_source_is_enabled('campaign') -%}
{#- Where contacts are not known, their number is not 0. -#}
{%- set no_contacts = 0 if contacts_are_known else 'null' -%}
{%- set no_recent_contacts = 0 if cst_source_is_enabled('touch') else 'null' -%}
{%- set longest_window = retention_windows() | max -%}

with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

),

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

assignment_reasons as (

    select * from {{ ref('int_cst_assignment_reasons') }}

),

contacts_by_strategy as (

    select * from {{ ref('int_cst_contacts_by_strategy') }}

),

recent_contacts as (

    select * from {{ ref('int_cst_recent_contacts') }}

),

windows_closed as (

    select * from {{ ref('int_cst_windows_closed') }}

),

outcomes as (

    select * from {{ ref('int_cst_repurchase_outcomes') }}

),

assignments as (

    select
        strategies_in_force.*,

        {% for measure in [
            'contact_count', 'open_count', 'click_count', 'redemption_count',
            'contact_cost_amount',
        ] -%}
        coalesce(contacts_by_strategy.{{ measure }}, {{ no_contacts }})
            as {{ measure }},
        {% endfor -%}
        contacts_by_strategy.campaign_id,
        contacts_by_strategy.first_contact_date

    from strategies_in_force

    left join contacts_by_strategy
        on
            strategies_in_force.customer_id = contacts_by_strategy.customer_id
            and strategies_in_force.snapshot_date
            = contacts_by_strategy.snapshot_date
            and strategies_in_force.strategy_code
            = contacts_by_strategy.strategy_code

),

retention as (

    select
        assignments.customer_id,
        assignments.campaign_id,

        assignments.snapshot_date,

        segmentation.segment_code,
        segmentation.value_tier,
        assignments.strategy_code,
        assignments.default_strategy_code,
        assignments.choice_probability,
        assignments.recommended_strategy_code,
        assignments.strategy_rule_id,
        {% for language in ['en', 'zh'] -%}
        replace(
            {{ reason_with_points(
                'assignment_reasons.reason_' ~ language,
                'segmentation.value_score',
            ) }}, '{since}',
            cast(assignments.recommended_since_date as string)
        ) as assignment_reason_{{ language }},
        {% endfor -%}
        assignments.is_in_cooling_off,

        assignments.episode_start_date,
        assignments.is_holdout,
        assignments.is_program_holdout,
        assignments.is_entry
        and assignments.is_holdout_in_use
        and not assignments.is_program_holdout as is_compared,
        case
            when assignments.is_holdout_in_use
                then assignments.is_holdout and assignments.contact_count > 0
        end as is_contaminated_holdout,

        coalesce(
            recent_contacts.recent_contact_count, {{ no_recent_contacts }}
        ) as recent_contact_count,
        assignments.contact_count,
        assignments.first_contact_date,
        assignments.open_count,
        assignments.click_count,
        assignments.redemption_count,
        assignments.contact_cost_amount,

        {% for window in retention_contract_windows() -%}
        {%- set is_mature = 'windows_closed.is_mature_' ~ window ~ 'd' -%}
        {{ is_mature }},
        case
            when {{ is_mature }}
                then coalesce(outcomes.order_count_next_{{ window }}d, 0) > 0
        end as is_repurchased_within_{{ window }}d,
        case
            when {{ is_mature }}
                then coalesce(outcomes.order_count_next_{{ window }}d, 0)
        end as order_count_next_{{ window }}d,
        case
            when {{ is_mature }}
                then coalesce(outcomes.net_amount_next_{{ window }}d, 0)
        end as net_amount_next_{{ window }}d,

        {% endfor -%}
        case
            when windows_closed.is_mature_{{ longest_window }}d
                then outcomes.days_to_repurchase
        end as days_to_repurchase

    from assignments

    inner join windows_closed
        on assignments.snapshot_date = windows_closed.snapshot_date

    -- a list that was published stays, whatever the segment would be now
    left join segmentation
        on
            assignments.customer_id = segmentation.customer_id
            and assignments.snapshot_date = segmentation.snapshot_date

    left join assignment_reasons
        on
            assignments.strategy_rule_id = assignment_reasons.strategy_rule_id
            and assignments.default_strategy_code
            = assignment_reasons.default_strategy_code
            and assignments.strategy_code = assignment_reasons.strategy_code

    left join recent_contacts
        on
            assignments.customer_id = recent_contacts.customer_id
            and assignments.snapshot_date = recent_contacts.snapshot_date

    left join outcomes
        on
            assignments.customer_id = outcomes.customer_id
            and assignments.snapshot_date = outcomes.snapshot_date

)

select * from retention
