{#-
    Of a list that comes into force, the rule is the first that the customer
    meets by the levels that the public tables show.
-#}
with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

behavior as (

    select * from {{ ref('dws_cst_behavior') }}

),

ltv as (

    select * from {{ ref('ads_cst_ltv') }}

),

rules as (

    select * from {{ ref('dim_cst_strategy_rule') }}

),

customer_tags as (

    select * from {{ ref('ads_cst_customer_tag') }}

),

lists as (

    select * from {{ ref('int_cst_lists') }}

    where published_date is null

),

levels as (

    select
        retention.customer_id,
        retention.snapshot_date,
        retention.strategy_rule_id,
        segmentation.segment_code,
        segmentation.lifecycle_stage,
        coalesce(segmentation.value_tier, 'none') as value_tier,
        coalesce(behavior.engagement_level, 'unknown') as engagement_level,
        coalesce(behavior.satisfaction_level, 'unknown')
            as satisfaction_level,
        case
            when behavior.open_ticket_count is null then 'unknown'
            when behavior.open_ticket_count = 0 then 'none'
            else 'open'
        end as service_state,
        coalesce(ltv.ltv_tier, 'unknown') as ltv_tier,
        coalesce(customer_tags.tag_codes, 'none') as tag_codes

    from retention

    inner join lists
        on retention.snapshot_date = lists.snapshot_date
    {%- for relation in [
        'segmentation', 'behavior', 'ltv', 'customer_tags',
    ] %}

    inner join {{ relation }}
        on
            retention.customer_id = {{ relation }}.customer_id
            and retention.snapshot_date = {{ relation }}.snapshot_date
    {%- endfor %}

),

first_rules as (

    select
        levels.customer_id,
        levels.snapshot_date,
        levels.strategy_rule_id,
        min(rules.rule_priority) as first_rule_priority

    from levels

    left join rules
        on {{ meets_rule('levels', 'rules') }}

    group by
        levels.customer_id,
        levels.snapshot_date,
        levels.strategy_rule_id

),

wrong as (

    select
        first_rules.customer_id,
        first_rules.snapshot_date,
        first_rules.strategy_rule_id,
        first_rules.first_rule_priority,
        rules.rule_priority

    from first_rules

    left join rules
        on first_rules.strategy_rule_id = rules.strategy_rule_id

    where
        rules.rule_priority is null
        or first_rules.first_rule_priority is null
        or first_rules.first_rule_priority != rules.rule_priority

)

select * from wrong
