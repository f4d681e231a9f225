{%- set sticky_days = cst_var('retention_sticky_days') -%}

with

strategies_confirmed as (

    select * from {{ ref('int_cst_strategies_confirmed') }}

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
        strategies_confirmed.customer_id,
        strategies_confirmed.snapshot_date,
        strategies_confirmed.segment_code,
        strategies_confirmed.value_tier,
        strategies_confirmed.strategy_code,
        strategies_confirmed.is_strategy_kept,
        case strategies_confirmed.wanted_strategy_reason
            when 'segment'
                then concat(
                    'Segment ', segments.segment_name_en,
                    ', whatever the value'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_en, ': ',
                    cast(strategies_confirmed.value_score as string),
                    ' of 100 points'
                )
        end as wanted_reason,
        case strategies_confirmed.wanted_strategy_reason
            when 'segment'
                then concat(
                    '客群为“', segments.segment_name_zh, '”，不论价值高低'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_zh, '：价值分',
                    cast(strategies_confirmed.value_score as string),
                    '（满分100）'
                )
        end as wanted_reason_zh,
        concat(
            'the rules want ', strategies.strategy_name_en, ' since ',
            cast(strategies_confirmed.wanted_since_date as string),
            ', not yet for {{ sticky_days }} days'
        ) as kept_because,
        concat(
            '自', cast(strategies_confirmed.wanted_since_date as string),
            '起规则建议', strategies.strategy_name_zh,
            '，未满{{ sticky_days }}天'
        ) as kept_because_zh

    from strategies_confirmed

    inner join segments
        on strategies_confirmed.segment_code = segments.segment_code

    inner join strategies
        on strategies_confirmed.wanted_strategy_code = strategies.strategy_code

),

strategies_assigned as (

    select
        explained.customer_id,
        explained.snapshot_date,

        explained.segment_code,
        explained.value_tier,
        explained.strategy_code,
        case
            when explained.is_strategy_kept
                then concat(
                    strategies.strategy_name_en, ' kept: ',
                    explained.kept_because, ' (', explained.wanted_reason, ')'
                )
            else explained.wanted_reason
        end as assignment_reason,
        case
            when explained.is_strategy_kept
                then concat(
                    '沿用', strategies.strategy_name_zh, '：',
                    explained.kept_because_zh, '；', explained.wanted_reason_zh
                )
            else explained.wanted_reason_zh
        end as assignment_reason_zh,

        explained.is_strategy_kept

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
        or erasures.erased_at >= snapshot_dates.known_until_at

)

select * from strategies_assigned
