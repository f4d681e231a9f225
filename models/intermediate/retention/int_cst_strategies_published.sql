with

segmentation as (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

retention as (

    select * from {{ source('published', 'dws_cst_retention') }}

),

snapshots as (

    select * from {{ source('published', 'dim_cst_snapshot') }}

    where is_period_end

),

customers as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

-- who was merged into another or is no longer delivered is nobody's episode
customers_known as (

    select
        customer_id,
        max(snapshot_date) as as_of_date

    from customers

    group by customer_id

),

-- a customer without a strategy stays: after that date, all starts anew
strategies_published as (

    select
        segmentation.customer_id,
        segmentation.snapshot_date,

        retention.strategy_code,
        retention.default_strategy_code,
        retention.choice_probability,
        retention.recommended_strategy_code,
        retention.strategy_rule_id,
        coalesce(strategies.has_cooling_off, true) as has_cooling_off,

        retention.is_holdout,
        retention.is_program_holdout,

        retention.episode_start_date

    from segmentation

    inner join snapshots
        on segmentation.snapshot_date = snapshots.snapshot_date

    inner join customers_known
        on
            segmentation.customer_id = customers_known.customer_id
            and segmentation.snapshot_date <= customers_known.as_of_date

    left join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    left join strategies
        on retention.recommended_strategy_code = strategies.strategy_code

)

select * from strategies_published
