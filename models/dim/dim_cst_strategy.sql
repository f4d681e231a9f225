with

strategies as (

    select * from {{ ref('cst_strategies') }}

),

strategies_labeled as (

    select
        strategy_code,
        strategy_name_zh,
        strategy_name_en,
        value_tier,
        value_tier_name_zh,
        value_tier_name_en,
        description_zh,
        description_en,

        strategy_priority

    from strategies

)

select * from strategies_labeled
