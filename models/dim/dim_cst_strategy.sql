with

strategies as (

    select * from {{ ref('cst_strategies') }}

),

strategies_labeled as (

    select
        strategy_code,
        strategy_name_zh,
        strategy_name_en,
        description_zh,
        description_en,

        offer,
        preferred_channel,
        cadence_days,
        budget_amount,

        strategy_priority,
        coalesce(has_cooling_off, true) as has_cooling_off

    from strategies

)

select * from strategies_labeled
