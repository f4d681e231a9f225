{#-
    Every accepted touch of the source is a row of dwd_prm_contact, and every
    cost is there once, to the cent; those that belong to an episode are the
    contacts, responses and costs of dws_cst_retention.
-#}
{%- set contacts_are_known =
    cst_source_is_enabled('touch') and cst_source_is_enabled('campaign') -%}

with

touches as (

    select * from {{ ref('base_prm__touches') }}

    where row_status = 'accepted'

),

lists_measured as (

    select * from {{ ref('int_cst_windows_closed') }}

),

contacts as (

    select
        contacts.*,
        contacts.episode_status = 'matched'
        and lists_measured.snapshot_date is not null as is_of_episode,
        contacts.episode_status = 'matched'
        and lists_measured.snapshot_date is not null
        and not contacts.is_control as is_contact

    from {{ ref('dwd_prm_contact') }} as contacts

    left join lists_measured
        on contacts.snapshot_date = lists_measured.snapshot_date

),

retention as (

    select * from {{ ref('int_cst_retention') }}

),

accepted as (

    select
        count(*) as touch_count,
        coalesce(sum(contact_cost_amount), 0) as cost_amount

    from touches

),

accounted_for as (

    select
        count(*) as touch_count,
        coalesce(sum(contact_cost_amount), 0) as cost_amount,
        coalesce(sum(cast(is_contact as integer)), 0) as contact_count,
        coalesce(sum(cast(is_contact and is_opened as integer)), 0)
            as open_count,
        coalesce(sum(cast(is_contact and is_clicked as integer)), 0)
            as click_count,
        coalesce(sum(cast(is_contact and is_redeemed as integer)), 0)
            as redemption_count,
        coalesce(sum(case when is_of_episode then contact_cost_amount end), 0)
            as episode_cost_amount

    from contacts

),

in_retention as (

    select
        coalesce(sum(contact_count), 0) as contact_count,
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(click_count), 0) as click_count,
        coalesce(sum(redemption_count), 0) as redemption_count,
        coalesce(sum(contact_cost_amount), 0) as cost_amount,
        count(contact_count) as known_count,
        count(*) as assignment_count

    from retention

),

differences as (

    select
        accepted.touch_count as accepted_touches,
        accounted_for.touch_count as touches_accounted_for,
        accepted.cost_amount as accepted_cost,
        accounted_for.cost_amount as cost_accounted_for,
        accounted_for.contact_count,
        in_retention.contact_count as retention_contacts,
        accounted_for.episode_cost_amount as episode_cost,
        in_retention.cost_amount as retention_cost,
        in_retention.known_count

    from accepted

    cross join accounted_for

    cross join in_retention

    where
        accepted.touch_count != accounted_for.touch_count
        or accepted.cost_amount != accounted_for.cost_amount
        or accounted_for.contact_count != in_retention.contact_count
        or accounted_for.open_count != in_retention.open_count
        or accounted_for.click_count != in_retention.click_count
        or accounted_for.redemption_count != in_retention.redemption_count
        or accounted_for.episode_cost_amount != in_retention.cost_amount
        or in_retention.known_count != {{
            'in_retention.assignment_count' if contacts_are_known else '0'
        }}

)

select * from differences
