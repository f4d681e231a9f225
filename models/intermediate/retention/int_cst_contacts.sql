with

touches as (

    select * from {{ ref('stg_prm__touches') }}

),

campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

strategies as (

    select * from {{ ref('cst_strategies') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

as_of as (

    select
        max(last_snapshot_date) as as_of_date,
        max(as_of_cutoff_at) as as_of_cutoff_at

    from snapshot_dates

),

contacts as (

    select
        touches.touch_id,
        touches.campaign_id,
        touches.arm_code,
        coalesce(
            merged_customers.surviving_customer_id, touches.customer_id
        ) as customer_id,
        snapshot_dates.snapshot_date,

        strategies.strategy_code,
        case
            when campaigns.campaign_id is null then 'unknown_campaign'
            when strategies.strategy_code is null then 'other_campaign'
            when touches.touched_date > as_of.as_of_date
                then 'after_as_of_date'
            when snapshot_dates.snapshot_date is null
                then 'before_first_snapshot'
        end as out_of_scope_reason,

        touches.touch_channel,

        touches.contact_cost_amount,

        touches.is_control,
        coalesce(touches.opened_at < as_of.as_of_cutoff_at, false)
            as is_opened,
        coalesce(touches.clicked_at < as_of.as_of_cutoff_at, false)
            as is_clicked,
        coalesce(touches.redeemed_at < as_of.as_of_cutoff_at, false)
            as is_redeemed,

        touches.touched_date,

        touches.touched_at

    from touches

    cross join as_of

    left join merged_customers
        on touches.customer_id = merged_customers.customer_id

    left join campaigns
        on touches.campaign_id = campaigns.campaign_id

    left join strategies
        on campaigns.strategy_code = strategies.strategy_code

    -- the newest snapshot before the contact: what was on its list
    left join snapshot_dates
        on
            touches.touched_date > snapshot_dates.snapshot_date
            and touches.touched_date <= snapshot_dates.next_snapshot_date

)

select * from contacts
