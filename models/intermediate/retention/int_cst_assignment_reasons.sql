{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

recommendations as (

    select
        strategies_recommended.segment_code,
        strategies_recommended.value_tier,
        strategies_recommended.recommended_strategy_code,

        case strategies_recommended.recommendation_source
            when 'segment'
                then concat(
                    'Segment ', segments.segment_name_en,
                    ', whatever the value'
                )
            else concat(tiers.value_tier_name_en, ': {points} of 100 points')
        end as reason_en,
        case strategies_recommended.recommendation_source
            when 'segment'
                then concat(
                    '客群为“', segments.segment_name_zh, '”，不论价值高低'
                )
            else concat(tiers.value_tier_name_zh, '：价值分{points}（满分100）')
        end as reason_zh

    from strategies_recommended

    inner join segments
        on strategies_recommended.segment_code = segments.segment_code

    inner join strategies as tiers
        on strategies_recommended.value_tier = tiers.value_tier

),

assignment_reasons as (

    select
        recommendations.segment_code,
        recommendations.value_tier,
        in_force.strategy_code,

        case
            when in_force.strategy_code = recommended.strategy_code
                then recommendations.reason_en
            else concat(
                in_force.strategy_name_en, ' stays in force: ',
                recommended.strategy_name_en, ' recommended since {since}, ',
                'not yet for {{ cooling_off_days }} days (',
                recommendations.reason_en, ')'
            )
        end as reason_en,
        case
            when in_force.strategy_code = recommended.strategy_code
                then recommendations.reason_zh
            else concat(
                '沿用', in_force.strategy_name_zh, '：自{since}起规则建议',
                recommended.strategy_name_zh,
                '，未满{{ cooling_off_days }}天；', recommendations.reason_zh
            )
        end as reason_zh

    from recommendations

    inner join strategies as recommended
        on
            recommendations.recommended_strategy_code
            = recommended.strategy_code

    cross join strategies as in_force

)

select * from assignment_reasons
