{#- A row names a customer, and what each of the two says. -#}
with

champion as (

    select * from {{ ref('int_cst_challenger_strategies') }}

),

segments_assigned as (

    select * from {{ ref('int_cst_segments_assigned') }}

),

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

ruling as (

    select
        segments_assigned.customer_id,
        segments_assigned.segment_code,
        segments_assigned.segment_rule_id,
        strategies_recommended.recommended_strategy_code,
        strategies_recommended.strategy_rule_id,
        strategies_recommended.customer_id is not null as is_decided

    from segments_assigned

    inner join snapshot_dates
        on segments_assigned.snapshot_date = snapshot_dates.snapshot_date

    left join strategies_recommended
        on
            segments_assigned.customer_id = strategies_recommended.customer_id
            and segments_assigned.snapshot_date
            = strategies_recommended.snapshot_date

),

wrong as (

    select
        coalesce(ruling.customer_id, champion.customer_id) as customer_id,
        ruling.segment_code,
        champion.champion_segment_code,
        ruling.strategy_rule_id,
        champion.champion_strategy_rule_id

    from ruling

    full outer join champion
        on ruling.customer_id = champion.customer_id

    where
        ruling.customer_id is null
        or champion.customer_id is null
        or ruling.segment_code != champion.champion_segment_code
        or ruling.segment_rule_id
        is distinct from champion.champion_segment_rule_id
        or (
            ruling.is_decided
            and (
                ruling.recommended_strategy_code
                is distinct from champion.champion_strategy_code
                or ruling.strategy_rule_id != champion.champion_strategy_rule_id
            )
        )

)

select * from wrong
