{%- set cooling_off_days = cst_var('retention_cooling_off_days') -%}

with

strategies_in_force as (

    select * from {{ ref('int_cst_strategies_in_force') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

segments as (

    select * from {{ ref('cst_segments') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

erased_customers as (

    select * from {{ ref('stg_cst__customers') }}

    where is_deleted

),

erased_versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

    where is_deleted

),

erasures as (

    select
        erased_customers.customer_id,
        min(erased_versions.updated_at) as erased_at

    from erased_customers

    inner join erased_versions
        on erased_customers.customer_id = erased_versions.customer_id

    group by erased_customers.customer_id

),

explained as (

    select
        strategies_in_force.customer_id,
        strategies_in_force.snapshot_date,
        strategies_in_force.segment_code,
        strategies_in_force.value_tier,
        strategies_in_force.strategy_code,
        strategies_in_force.recommended_strategy_code,
        strategies_in_force.recommendation_source,
        strategies_in_force.is_in_cooling_off,
        case strategies_in_force.recommendation_source
            when 'segment'
                then concat(
                    'Segment ', segments.segment_name_en,
                    ', whatever the value'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_en, ': ',
                    cast(strategies_in_force.value_score as string),
                    ' of 100 points'
                )
        end as recommendation_reason_en,
        case strategies_in_force.recommendation_source
            when 'segment'
                then concat(
                    '客群为“', segments.segment_name_zh, '”，不论价值高低'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_zh, '：价值分',
                    cast(strategies_in_force.value_score as string),
                    '（满分100）'
                )
        end as recommendation_reason_zh,
        concat(
            'the rules want ', strategies.strategy_name_en, ' since ',
            cast(strategies_in_force.recommended_since_date as string),
            ', not yet for {{ cooling_off_days }} days'
        ) as kept_because,
        concat(
            '自', cast(strategies_in_force.recommended_since_date as string),
            '起规则建议', strategies.strategy_name_zh,
            '，未满{{ cooling_off_days }}天'
        ) as kept_because_zh

    from strategies_in_force

    inner join segments
        on strategies_in_force.segment_code = segments.segment_code

    inner join strategies
        on strategies_in_force.recommended_strategy_code = strategies.strategy_code

),

strategies_assigned as (

    select
        explained.customer_id,
        explained.snapshot_date,

        explained.segment_code,
        explained.value_tier,
        explained.strategy_code,
        explained.recommended_strategy_code,
        explained.recommendation_source,
        case
            when explained.is_in_cooling_off
                then concat(
                    strategies.strategy_name_en, ' kept: ',
                    explained.kept_because, ' (', explained.recommendation_reason_en, ')'
                )
            else explained.recommendation_reason_en
        end as assignment_reason_en,
        case
            when explained.is_in_cooling_off
                then concat(
                    '沿用', strategies.strategy_name_zh, '：',
                    explained.kept_because_zh, '；', explained.recommendation_reason_zh
                )
            else explained.recommendation_reason_zh
        end as assignment_reason_zh,

        explained.is_in_cooling_off

    from explained

    inner join snapshot_dates
        on explained.snapshot_date = snapshot_dates.snapshot_date

    inner join strategies
        on explained.strategy_code = strategies.strategy_code

    left join erasures
        on explained.customer_id = erasures.customer_id

    -- who asked to be erased gets no strategy from then on; what was assigned
    -- before stays, or the groups compared would change behind the results
    where
        erasures.erased_at is null
        or erasures.erased_at >= snapshot_dates.as_of_cutoff_at

)

select * from strategies_assigned
