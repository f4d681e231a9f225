with

campaigns as (

    select * from {{ ref('int_cst_campaigns_classified') }}

),

campaigns_by_strategy as (

    select
        campaign_id,
        strategy_code,

        campaign_name,
        source_strategy_code,
        campaign_channel,

        budget_amount,

        is_retention_campaign,

        started_date,
        ended_date

    from campaigns

)

select * from campaigns_by_strategy
