with

segments as (

    select * from {{ ref('cst_segments') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

-- a segment's own strategy takes precedence over that of the value tier
strategies_recommended as (

    select
        segments.segment_code,
        strategies.value_tier,
        coalesce(segments.strategy_code, strategies.strategy_code)
            as recommended_strategy_code,
        case
            when segments.strategy_code is not null then 'segment'
            else 'value_tier'
        end as recommendation_source

    from segments

    cross join strategies

)

select * from strategies_recommended
