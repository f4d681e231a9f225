{%- set exploration_share = cst_var('retention_exploration_share') -%}

with

retention as (

    select * from {{ ref('dws_cst_retention') }}

    where is_current

),

priorities as (

    select * from {{ ref('int_cst_list_priorities') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

obstacles as (

    select * from {{ ref('int_cst_contact_obstacles') }}

),

candidates as (

    select
        retention.*,

        strategies.strategy_name_zh,
        strategies.strategy_name_en,
        strategies.strategy_priority,
        strategies.preferred_channel,
        strategies.budget_amount,

        customers.is_deleted,
        customers.contact_consent,
        customers.has_contact_consent,
        {%- for channel in contact_channels() %}
        customers.is_reachable_by_{{ channel }},
        customers.is_reachable_by_{{ channel }}
        and not coalesce(obstacles.is_{{ channel }}_refused, false)
            as is_permitted_by_{{ channel }},
        customers.is_reachable_by_{{ channel }}
        and not coalesce(obstacles.is_{{ channel }}_refused, false)
        and not coalesce(obstacles.is_{{ channel }}_capped, false)
            as is_free_by_{{ channel }},
        {%- endfor %}
        obstacles.customer_id is not null as is_delivered,
        obstacles.has_open_ticket,
        obstacles.has_running_refund,
        obstacles.has_bad_experience,
        obstacles.has_just_bought,
        obstacles.is_in_quiet_period,
        obstacles.is_within_cadence,

        row_number() over (
            partition by retention.strategy_code
            order by
                priorities.priority asc nulls last,
                retention.customer_id asc
        ) as priority,
        coalesce(priorities.priority_basis, 'effect_unknown')
            as priority_basis,
        priorities.exploration_draw,
        priorities.expected_order_uplift,
        priorities.order_value_amount,
        priorities.expected_gain_amount,
        {{ affordable_count() }} as affordable_count

    from retention

    inner join customers
        on retention.customer_id = customers.customer_id

    inner join strategies
        on retention.strategy_code = strategies.strategy_code

    left join priorities
        on retention.customer_id = priorities.customer_id

    left join obstacles
        on retention.customer_id = obstacles.customer_id

),

-- consent and erasure as known now, not as on the snapshot date
judged as (

    select
        *,
        {{ chosen_channel('preferred_channel') }} as contact_channel,
        {{ no_contact_reason() }} as obstacle

    from candidates

),

-- places are counted in customers to contact, so that who is held out stands
-- where they would be contacted
drawn as (

    select
        *,
        coalesce(
            obstacle is null
            and {{ place_before('true', 'exploration_draw, customer_id') }}
            < {{ explored_count(exploration_share) }}, false
        ) as is_explored

    from judged

),

placed as (

    select
        *,
        {{ place_before(
            "(is_explored or priority_basis != 'no_gain')",
            'is_explored desc, priority',
        ) }} as place_before

    from drawn

),

decided as (

    select
        *,
        case
            when obstacle is not null then obstacle
            when
                place_before >= affordable_count
                or (
                    affordable_count is not null
                    and priority_basis = 'no_gain'
                    and not is_explored
                )
                then 'over_budget'
        end as no_contact_reason

    from placed

),

audience as (

    select
        customer_id,
        snapshot_date,

        strategy_code,
        recommended_strategy_code,
        strategy_name_zh,
        strategy_name_en,
        segment_code,
        value_tier,
        assignment_reason_zh,
        assignment_reason_en,
        contact_channel,
        no_contact_reason,

        strategy_priority,
        cast(priority as bigint) as priority,
        {{ labeled_code('priority_basis', 'priority_basis') }},
        expected_order_uplift,
        order_value_amount,
        expected_gain_amount,
        recent_contact_count,

        is_holdout,
        is_program_holdout,
        no_contact_reason is null as is_contactable,
        is_explored,

        episode_start_date

    from decided

)

select * from audience
