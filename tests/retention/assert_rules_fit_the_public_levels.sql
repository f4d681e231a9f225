{#-
    Of a list that comes into force, the rule is the first that the customer
    meets by the levels that the public tables show.
-#}
with

lists as (

    select * from {{ ref('int_cst_lists') }}

    where not is_published

),

assignments as (

    select
        retention.customer_id,
        retention.snapshot_date,
        retention.strategy_rule_id,
        coalesce(segmentation.value_tier, 'none') as value_tier,
        segmentation.segment_code,
        segmentation.lifecycle_stage,
        coalesce(behavior.engagement_level, 'unknown') as engagement_level,
        coalesce(behavior.satisfaction_level, 'unknown')
            as satisfaction_level,
        case
            when behavior.open_ticket_count is null then 'unknown'
            when behavior.open_ticket_count = 0 then 'none'
            else 'open'
        end as service_state,
        coalesce(ltv.ltv_tier, 'unknown') as ltv_tier

    from {{ ref('dws_cst_retention') }} as retention

    inner join lists
        on retention.snapshot_date = lists.snapshot_date
    {%- for alias, model in {
        'segmentation': 'dws_cst_segmentation', 'behavior': 'dws_cst_behavior',
        'ltv': 'ads_cst_ltv',
    }.items() %}

    inner join {{ ref(model) }} as {{ alias }}
        on
            retention.customer_id = {{ alias }}.customer_id
            and retention.snapshot_date = {{ alias }}.snapshot_date
    {%- endfor %}

)

select
    assignments.customer_id,
    assignments.snapshot_date,
    assignments.strategy_rule_id,
    min(rules.rule_priority) as first_rule_priority,
    min(chosen.rule_priority) as rule_priority

from assignments

inner join {{ ref('dim_cst_strategy_rule') }} as rules
    on
        {% for condition in strategy_conditions() -%}
        coalesce(rules.{{ condition }}, assignments.{{ condition }})
        = assignments.{{ condition }}
        {{- '\n        and ' if not loop.last }}
        {%- endfor %}

left join {{ ref('dim_cst_strategy_rule') }} as chosen
    on assignments.strategy_rule_id = chosen.strategy_rule_id

group by
    assignments.customer_id,
    assignments.snapshot_date,
    assignments.strategy_rule_id

having min(rules.rule_priority) is distinct from min(chosen.rule_priority)
