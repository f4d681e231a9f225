with

strategy_levels as (

    select * from {{ ref('int_cst_strategy_levels') }}

    where is_decided

),

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

-- few of the levels' combinations occur, whatever the number of customers
combinations as (

    select distinct
        {{ strategy_levels() | join(',\n        ') }}

    from strategy_levels

),

rules_met as (
    {{ rules_met('combinations', 'rules') }}
),

-- the first rule that is met decides; it may say that there is no strategy
strategies_recommended as (

    select
        strategy_levels.customer_id,
        strategy_levels.snapshot_date,

        rules_met.strategy_code as recommended_strategy_code,
        rules_met.rule_id as strategy_rule_id,

        coalesce(strategies.has_cooling_off, true) as has_cooling_off,
        strategy_levels.is_list_due

    from strategy_levels

    left join rules_met
        on
            {{ has_levels('strategy_levels', 'rules_met') }}
            and rules_met.rule_rank = 1

    left join strategies
        on rules_met.strategy_code = strategies.strategy_code

)

select * from strategies_recommended
