{%- set columns = [
    'customer_id', 'snapshot_date', 'strategy_code',
    'recommended_strategy_code', 'strategy_name_zh', 'strategy_name_en',
    'segment_code', 'value_tier', 'assignment_reason_zh',
    'assignment_reason_en', 'contact_channel', 'no_contact_reason',
    'strategy_priority', 'priority', 'priority_basis', 'expected_order_uplift',
    'order_value_amount', 'expected_gain_amount', 'recent_contact_count',
    'is_holdout', 'is_program_holdout', 'is_explored', 'episode_start_date',
] -%}

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

lists_due as (

    select * from {{ ref('int_cst_lists_due') }}

),

lists_published as (

    select * from {{ ref('int_cst_lists_published') }}

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
        {{ all_but('obstacles', ['customer_id', 'snapshot_date']) }},

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

    inner join strategies
        on retention.strategy_code = strategies.strategy_code
    {%- for join, relation in [
        ('inner', 'customers'), ('left', 'priorities'), ('left', 'obstacles')
    ] %}

    {{ join }} join {{ relation }}
        on retention.customer_id = {{ relation }}.customer_id
    {%- endfor %}

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
        {{ is_explored() }} as is_explored

    from judged

),

decided as (

    select
        *,
        case
            when obstacle is not null then obstacle
            when {{ is_over_budget() }} then 'over_budget'
        end as no_contact_reason

    from drawn

),

-- the newest list as of now, and for good where it is published first
lists as (

    select
        {%- for column in columns %}
        decided.{{ column }},
        {%- endfor %}
        lists_due.list_date,
        lists_due.is_current

    from decided

    cross join lists_due

    union all

    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        list_date,
        false as is_current

    from lists_published

),

audience as (

    select
        {{ dbt_utils.generate_surrogate_key(
            ['customer_id', 'list_date', 'is_current']
        ) }} as audience_key,
        {%- for column in columns
            if column not in ['no_contact_reason', 'priority_basis'] %}
        {{ column }},
        {%- endfor %}
        list_date,
        is_current,
        {{ labeled_code('priority_basis', 'priority_basis') }},
        {{ labeled_code('no_contact_reason', 'no_contact_reason') }},
        no_contact_reason is null as is_contactable

    from lists

)

select * from audience
