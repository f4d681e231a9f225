with

campaigns as (

    select * from {{ ref('base_prm__campaigns') }}

    where row_status = 'accepted'

),

newest_campaigns as (

    select
        campaign_id,
        strategy_code,

        campaign_name,
        campaign_channel,

        budget_amount,
        control_share,

        started_date,
        ended_date,

        started_at,
        ended_at,
        updated_at

    from campaigns

)

select * from newest_campaigns
