with

challenger_strategies as (

    select * from {{ ref('int_cst_challenger_strategies') }}

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where
        is_current
        and not is_deleted

),

-- no column says who may be contacted: the list alone does, as withdrawals
-- change it at once
challenger_move as (

    select
        challenger_strategies.customer_id,
        challenger_strategies.snapshot_date,

        challenger_strategies.champion_segment_code,
        challenger_strategies.challenger_segment_code,
        challenger_strategies.champion_segment_rule_id,
        challenger_strategies.challenger_segment_rule_id,
        challenger_strategies.champion_strategy_code,
        challenger_strategies.challenger_strategy_code,
        challenger_strategies.champion_strategy_rule_id,
        challenger_strategies.challenger_strategy_rule_id,
        challenger_strategies.champion_reason_zh,
        challenger_strategies.champion_reason_en,
        challenger_strategies.challenger_reason_zh,
        challenger_strategies.challenger_reason_en,

        challenger_strategies.champion_segment_code
        != challenger_strategies.challenger_segment_code as is_segment_moved,
        coalesce(
            challenger_strategies.champion_strategy_code
            != challenger_strategies.challenger_strategy_code,
            challenger_strategies.champion_strategy_code is not null
            or challenger_strategies.challenger_strategy_code is not null
        ) as is_strategy_moved

    from challenger_strategies

    inner join customers
        on challenger_strategies.customer_id = customers.customer_id

)

select * from challenger_move
