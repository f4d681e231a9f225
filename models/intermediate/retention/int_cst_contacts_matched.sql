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

strategies_assigned as (

    select * from {{ ref('int_cst_strategies_assigned') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date,
        max(as_of_cutoff_at) as as_of_cutoff_at

    from snapshot_dates

),

campaigns_with_holdout as (

    select touches.campaign_id

    from touches

    inner join snapshot_bounds
        on touches.touched_date <= snapshot_bounds.last_snapshot_date

    where touches.is_control

    group by touches.campaign_id

),

contacts_on_snapshots as (

    select
        touches.touch_id,
        touches.campaign_id,
        coalesce(
            merged_customers.surviving_customer_id, touches.customer_id
        ) as customer_id,

        touches.contact_cost_amount,

        touches.is_control,
        coalesce(touches.opened_at < snapshot_bounds.as_of_cutoff_at, false)
            as is_opened,
        coalesce(touches.clicked_at < snapshot_bounds.as_of_cutoff_at, false)
            as is_clicked,
        coalesce(touches.redeemed_at < snapshot_bounds.as_of_cutoff_at, false)
            as is_redeemed,

        {{ snapshot_on_or_after(
            'touches.touched_date', 'snapshot_bounds'
        ) }} as following_snapshot_date,
        touches.touched_date,

        touches.touched_at

    from touches

    cross join snapshot_bounds

    left join merged_customers
        on touches.customer_id = merged_customers.customer_id

),

-- a touch carries out the strategy of the newest snapshot before its date
contacts_matched as (

    select
        contacts_on_snapshots.touch_id,
        contacts_on_snapshots.campaign_id,
        contacts_on_snapshots.customer_id,
        snapshot_dates.previous_snapshot_date as snapshot_date,

        strategies.strategy_code,
        case
            when campaigns.campaign_id is null then 'unknown_campaign'
            when strategies.strategy_code is null then 'other_campaign'
            when contacts_on_snapshots.following_snapshot_date is null
                then 'after_as_of_date'
            when snapshot_dates.previous_snapshot_date is null
                then 'before_first_snapshot'
            when strategies_assigned.customer_id is null then 'not_assigned'
            when
                strategies_assigned.strategy_code != strategies.strategy_code
                then 'other_strategy'
            else 'matched'
        end as match_status,

        contacts_on_snapshots.contact_cost_amount,

        contacts_on_snapshots.is_control,
        campaigns_with_holdout.campaign_id is not null as has_own_holdout,
        contacts_on_snapshots.is_opened,
        contacts_on_snapshots.is_clicked,
        contacts_on_snapshots.is_redeemed,

        contacts_on_snapshots.touched_date,

        contacts_on_snapshots.touched_at

    from contacts_on_snapshots

    left join campaigns
        on contacts_on_snapshots.campaign_id = campaigns.campaign_id

    left join campaigns_with_holdout
        on
            contacts_on_snapshots.campaign_id
            = campaigns_with_holdout.campaign_id

    left join strategies
        on campaigns.strategy_code = strategies.strategy_code

    left join snapshot_dates
        on
            contacts_on_snapshots.following_snapshot_date
            = snapshot_dates.snapshot_date

    left join strategies_assigned
        on
            contacts_on_snapshots.customer_id = strategies_assigned.customer_id
            and snapshot_dates.previous_snapshot_date
            = strategies_assigned.snapshot_date

)

select * from contacts_matched
