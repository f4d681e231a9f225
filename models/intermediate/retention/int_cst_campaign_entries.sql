with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

),

campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

program_groups as (

    select * from {{ ref('int_cst_program_groups') }}

),

as_of as (

    select max(last_snapshot_date) as as_of_date from snapshot_dates

),

-- the day before the first contact, so that its own day is in the window;
-- somebody held out and contacted all the same stays held out
customers_of_campaigns as (

    select
        contacts.campaign_id,
        contacts.customer_id,
        min(contacts.arm_code) as arm_code,
        bool_or(contacts.is_control) as is_control,
        -- none where there was none before the first contact
        case
            when min(contacts.snapshot_date) < min(contacts.touched_date)
                then min(contacts.snapshot_date)
        end as snapshot_date,
        {{ add_days('min(contacts.touched_date)', -1) }} as entry_date

    from contacts

    inner join campaigns
        on contacts.campaign_id = campaigns.campaign_id

    cross join as_of

    where contacts.touched_date <= as_of.as_of_date

    group by
        contacts.campaign_id,
        contacts.customer_id

),

-- only a campaign that held somebody out by itself has a comparison
campaigns_with_control as (

    select
        campaign_id,
        'all' as arm_code

    from customers_of_campaigns

    where is_control

    group by campaign_id

),

arms as (

    select
        customers_of_campaigns.campaign_id,
        customers_of_campaigns.arm_code

    from customers_of_campaigns

    inner join campaigns_with_control
        on
            customers_of_campaigns.campaign_id
            = campaigns_with_control.campaign_id

    where
        not customers_of_campaigns.is_control
        and customers_of_campaigns.arm_code is not null

    group by
        customers_of_campaigns.campaign_id,
        customers_of_campaigns.arm_code

    union all

    select * from campaigns_with_control

),

-- each arm is compared with the whole control group of its campaign
campaign_entries as (

    select
        customers_of_campaigns.campaign_id,
        arms.arm_code,
        customers_of_campaigns.customer_id,
        customers_of_campaigns.snapshot_date,

        customers_of_campaigns.is_control,
        coalesce(snapshot_dates.is_holdout_in_use, false) as is_holdout_in_use,
        program_groups.is_program_holdout,

        customers_of_campaigns.entry_date

    from customers_of_campaigns

    inner join arms
        on
            customers_of_campaigns.campaign_id = arms.campaign_id
            and (
                arms.arm_code = 'all'
                or customers_of_campaigns.is_control
                or customers_of_campaigns.arm_code = arms.arm_code
            )

    inner join program_groups
        on customers_of_campaigns.customer_id = program_groups.customer_id

    left join snapshot_dates
        on customers_of_campaigns.snapshot_date = snapshot_dates.snapshot_date

)

select * from campaign_entries
