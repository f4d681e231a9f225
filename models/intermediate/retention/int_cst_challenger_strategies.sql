with

strategy_levels as (

    select * from {{ ref('int_cst_strategy_levels') }}

),

challenger_segments as (

    select * from {{ ref('int_cst_challenger_segments') }}

),

champion_rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

challenger_rules as (
    {{ challenger_rules(
        ref('cst_strategy_rules_challenger'), ref('cst_strategy_rules'),
        ['rule_id', 'rule_priority'] + strategy_conditions() + [
            'tag_code', 'strategy_code', 'reason_zh', 'reason_en',
        ],
    ) }}
),

champion_levels as (

    select strategy_levels.*

    from strategy_levels

    inner join challenger_segments
        on
            strategy_levels.customer_id = challenger_segments.customer_id
            and strategy_levels.snapshot_date
            = challenger_segments.snapshot_date

),

-- the segment is a level, too; all others are the customer's own
challenger_levels as (

    select
        challenger_segments.*,
        challenger_segments.challenger_segment_code as segment_code,
        {{ strategy_levels('champion_levels')
            | reject('equalto', 'champion_levels.segment_code')
            | join(',\n        ') }}

    from challenger_segments

    inner join champion_levels
        on challenger_segments.customer_id = champion_levels.customer_id

),

{% for rule_set in ['champion', 'challenger'] -%}
{{ rule_set }}_combinations as (

    select distinct
        {{ strategy_levels() | join(',\n        ') }}

    from {{ rule_set }}_levels

),

{{ rule_set }}_rules_met as (
    {{ rules_met(rule_set ~ '_combinations', rule_set ~ '_rules') }}
),

{% endfor -%}
challenger_strategies as (

    select
        challenger_levels.customer_id,
        challenger_levels.snapshot_date,

        challenger_levels.champion_segment_code,
        challenger_levels.challenger_segment_code,
        challenger_levels.champion_segment_rule_id,
        challenger_levels.challenger_segment_rule_id,

        champion_rules_met.strategy_code as champion_strategy_code,
        challenger_rules_met.strategy_code as challenger_strategy_code,
        champion_rules_met.rule_id as champion_strategy_rule_id,
        challenger_rules_met.rule_id as challenger_strategy_rule_id,

        {{ reason_with_points(
            'champion_rules_met.reason_zh', 'challenger_levels.value_score'
        ) }} as champion_reason_zh,
        {{ reason_with_points(
            'champion_rules_met.reason_en', 'challenger_levels.value_score'
        ) }} as champion_reason_en,
        {{ reason_with_points(
            'challenger_rules_met.reason_zh', 'challenger_levels.value_score'
        ) }} as challenger_reason_zh,
        {{ reason_with_points(
            'challenger_rules_met.reason_en', 'challenger_levels.value_score'
        ) }} as challenger_reason_en

    from challenger_levels

    inner join champion_levels
        on challenger_levels.customer_id = champion_levels.customer_id
    {%- for rule_set in ['champion', 'challenger'] %}

    left join {{ rule_set }}_rules_met
        on
            {{ has_levels(rule_set ~ '_levels', rule_set ~ '_rules_met') }}
            and {{ rule_set }}_rules_met.rule_rank = 1
    {%- endfor %}

)

select * from challenger_strategies
