with

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

    where strategy_code is not null

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

strategies_assigned as (

    select
        segments_assigned.customer_id,
        segments_assigned.snapshot_date,

        segments_assigned.segment_code,
        segments_assigned.value_tier,
        segments_assigned.strategy_code,
        case segments_assigned.strategy_reason
            when 'segment'
                then concat(
                    'Segment ', segments.segment_name_en,
                    ', whatever the value'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_en, ': ',
                    cast(segments_assigned.value_score as string),
                    ' of 100 points'
                )
        end as assignment_reason,
        case segments_assigned.strategy_reason
            when 'segment'
                then concat(
                    '客群为“', segments.segment_name_zh, '”，不论价值高低'
                )
            when 'value_tier'
                then concat(
                    strategies.value_tier_name_zh, '：价值分',
                    cast(segments_assigned.value_score as string),
                    '（满分100）'
                )
        end as assignment_reason_zh

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    inner join segments
        on segments_assigned.segment_code = segments.segment_code

    inner join strategies
        on segments_assigned.strategy_code = strategies.strategy_code

    left join erasures
        on segments_assigned.customer_id = erasures.customer_id

    -- who asked to be erased gets no strategy from then on; what was assigned
    -- before stays, or the groups compared would change behind the results
    where
        erasures.erased_at is null
        or erasures.erased_at >= snapshot_dates.known_until_at

)

select * from strategies_assigned
