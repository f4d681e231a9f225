with

campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

campaigns_with_strategy as (

    select
        campaigns.campaign_id,
        strategies.strategy_code,

        campaigns.campaign_name,
        campaigns.strategy_code as source_strategy_code,
        campaigns.campaign_channel,

        campaigns.budget_amount,
        campaigns.control_share,

        strategies.strategy_code is not null as is_retention_campaign,

        campaigns.started_date,
        campaigns.ended_date

    from campaigns

    left join strategies
        on campaigns.strategy_code = strategies.strategy_code

)

select * from campaigns_with_strategy
