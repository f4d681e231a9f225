{%- set contacts_are_known =
    cst_source_is_enabled('touch') and cst_source_is_enabled('campaign') -%}

with

strategies_assigned as (

    select * from {{ ref('int_cst_strategies_assigned') }}

),

touches as (

    select * from {{ ref('int_cst_contacts_matched') }}

    where match_status = 'matched'

),

-- where a campaign held out customers of its own, its word decides; one
-- without a hold-out says nothing about who should have been left alone
contacts_ranked as (

    select
        *,
        row_number() over (
            partition by
                customer_id,
                snapshot_date
            order by
                has_own_holdout desc,
                touched_at asc,
                touch_id asc
        ) as contact_rank

    from touches

),

contacts_by_assignment as (

    select
        customer_id,
        snapshot_date,

        max(case when contact_rank = 1 then campaign_id end) as campaign_id,

        min(case when not is_control then touched_date end)
            as first_contact_date,

        count(case when not is_control then touch_id end) as contact_count,
        count(case when not is_control and is_opened then touch_id end)
            as open_count,
        count(case when not is_control and is_clicked then touch_id end)
            as click_count,
        count(case when not is_control and is_redeemed then touch_id end)
            as redemption_count,
        sum(contact_cost_amount) as contact_cost_amount,

        bool_or(contact_rank = 1 and has_own_holdout) as is_campaign_deciding,
        bool_or(contact_rank = 1 and is_control) as is_control

    from contacts_ranked

    group by
        customer_id,
        snapshot_date

),

assignments as (

    select
        strategies_assigned.customer_id,
        strategies_assigned.snapshot_date,
        contacts_by_assignment.campaign_id,

        contacts_by_assignment.first_contact_date,

        strategies_assigned.segment_code,
        strategies_assigned.value_tier,
        strategies_assigned.strategy_code,
        strategies_assigned.recommended_strategy_code,
        strategies_assigned.recommendation_source,
        strategies_assigned.assignment_reason_en,
        strategies_assigned.assignment_reason_zh,
        strategies_assigned.is_in_cooling_off,
        case
            when contacts_by_assignment.is_campaign_deciding then 'campaign'
            else 'hash'
        end as holdout_source,

        {% for measure in [
            'contact_count', 'open_count', 'click_count', 'redemption_count'
        ] -%}
        {% if contacts_are_known -%}
        coalesce(contacts_by_assignment.{{ measure }}, 0) as {{ measure }},
        {%- else -%}
        cast(null as bigint) as {{ measure }},
        {%- endif %}
        {% endfor -%}
        {% if contacts_are_known -%}
        cast(
            coalesce(contacts_by_assignment.contact_cost_amount, 0)
            as decimal(18, 2)
        ) as contact_cost_amount,
        {%- else -%}
        cast(null as decimal(18, 2)) as contact_cost_amount,
        {%- endif %}

        case
            when contacts_by_assignment.is_campaign_deciding
                then contacts_by_assignment.is_control
            else {{ is_held_out(
                'strategies_assigned.customer_id',
                cst_var('retention_salt'),
                cst_var('retention_holdout_share'),
            ) }}
        end as is_holdout

    from strategies_assigned

    left join contacts_by_assignment
        on
            strategies_assigned.customer_id = contacts_by_assignment.customer_id
            and strategies_assigned.snapshot_date
            = contacts_by_assignment.snapshot_date

),

strategy_assignments as (

    select
        customer_id,
        snapshot_date,
        campaign_id,

        first_contact_date,

        segment_code,
        value_tier,
        strategy_code,
        recommended_strategy_code,
        recommendation_source,
        assignment_reason_en,
        assignment_reason_zh,
        holdout_source,

        contact_count,
        open_count,
        click_count,
        redemption_count,
        contact_cost_amount,

        is_in_cooling_off,
        is_holdout,
        is_holdout and contact_count > 0 as is_contaminated_holdout

    from assignments

)

select * from strategy_assignments
