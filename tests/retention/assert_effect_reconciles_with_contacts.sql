{#-
    Who is compared in a campaign are the customers of its rows in
    dwd_prm_contact, by the group that the campaign drew, without those who are
    held out of a strategy or of the program.
-#}
with

contacts as (

    select * from {{ ref('dwd_prm_contact') }}

    where episode_status != 'unknown_campaign'

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

effects as (

    select * from {{ ref('ads_cst_effect') }}

    where
        scope_code = 'campaign'
        and arm_code = 'all'
        and segment_code = 'all'
        and measure_code = 'repurchase_rate'
        and window_days = {{ retention_windows() | min }}

),

as_of as (

    select max(last_snapshot_date) as as_of_date from snapshot_dates

),

numbered as (

    select
        contacts.*,
        coalesce(snapshot_dates.is_holdout_in_use, false) as is_holdout_in_use,
        bool_or(contacts.is_control) over (
            partition by contacts.campaign_id, contacts.customer_id
        ) as is_held_out_of_campaign,
        row_number() over (
            partition by contacts.campaign_id, contacts.customer_id
            order by contacts.contacted_at, contacts.touch_id
        ) as contact_number

    from contacts

    cross join as_of

    left join snapshot_dates
        on contacts.snapshot_date = snapshot_dates.snapshot_date

    where contacts.contact_date <= as_of.as_of_date

),

campaigns_with_a_control_group as (

    select campaign_id from numbered

    group by campaign_id

    having bool_or(is_control)

),

from_contacts as (

    select
        numbered.campaign_id,
        sum(cast(not numbered.is_held_out_of_campaign as integer))
            as treated_entries,
        sum(cast(numbered.is_held_out_of_campaign as integer))
            as control_entries

    from numbered

    inner join campaigns_with_a_control_group
        on
            numbered.campaign_id
            = campaigns_with_a_control_group.campaign_id

    where
        numbered.contact_number = 1
        and not (
            numbered.is_holdout_in_use
            and (
                numbered.is_program_holdout
                or coalesce(numbered.is_holdout, false)
            )
        )

    group by numbered.campaign_id

),

differences as (

    select
        coalesce(from_contacts.campaign_id, effects.campaign_id)
            as campaign_id,
        from_contacts.treated_entries,
        from_contacts.control_entries,
        effects.treated_entries as treated_of_effect,
        effects.holdout_entries as holdout_of_effect,
        effects.open_entries

    from from_contacts

    full outer join effects
        on from_contacts.campaign_id = effects.campaign_id

    where
        from_contacts.campaign_id is null
        or effects.campaign_id is null
        or from_contacts.treated_entries + from_contacts.control_entries
        != effects.treated_entries
        + effects.holdout_entries
        + effects.open_entries
        or (
            effects.open_entries = 0
            and from_contacts.control_entries != effects.holdout_entries
        )

)

select * from differences
