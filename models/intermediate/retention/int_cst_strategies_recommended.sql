with

strategy_levels as {{ not_materialized() }} (

    select * from {{ ref('int_cst_strategy_levels') }}

    where is_decided

),

rules as (

    select * from {{ ref('cst_strategy_rules') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

strategy_options as (

    select * from {{ ref('int_cst_strategy_options') }}

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
recommended as (

    select
        strategy_levels.customer_id,
        strategy_levels.snapshot_date,
        strategy_levels.segment_code,

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

),

-- most rules leave no choice
options_drawn as (

    select
        recommended.customer_id,
        recommended.snapshot_date,
        strategy_options.strategy_code,
        strategy_options.choice_probability,
        row_number() over (
            partition by recommended.customer_id, recommended.snapshot_date
            order by {{ choice_order(
                'recommended.customer_id', 'recommended.snapshot_date',
                'strategy_options.strategy_code',
                'strategy_options.is_leading',
            ) }} asc, strategy_options.strategy_code asc
        ) as draw_rank

    from recommended

    inner join strategy_options
        on
            recommended.snapshot_date = strategy_options.snapshot_date
            and recommended.strategy_rule_id = strategy_options.rule_id
            and recommended.segment_code = strategy_options.segment_code

),

strategies_recommended as (

    select
        recommended.customer_id,
        recommended.snapshot_date,

        recommended.recommended_strategy_code,
        recommended.strategy_rule_id,
        options_drawn.strategy_code as drawn_strategy_code,
        options_drawn.choice_probability,

        recommended.has_cooling_off,
        recommended.is_list_due

    from recommended

    left join options_drawn
        on
            recommended.customer_id = options_drawn.customer_id
            and recommended.snapshot_date = options_drawn.snapshot_date
            and options_drawn.draw_rank = 1

)

select * from strategies_recommended
