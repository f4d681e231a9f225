{#-
    Every accepted touch is matched or says why not; the matched ones are the
    contacts, responses and costs of dws_cst_retention.
-#}
{%- set contacts_are_known =
    cst_source_is_enabled('touch') and cst_source_is_enabled('campaign') -%}

with

touches as (

    select * from {{ ref('stg_prm__touches') }}

),

contacts as (

    select * from {{ ref('int_cst_contacts') }}

),

contacts_matched as (

    select
        contacts.*,
        matches.match_status,
        matches.match_status = 'matched' and not contacts.is_control
            as is_contact

    from contacts

    inner join {{ ref('int_cst_contacts_matched') }} as matches
        on contacts.touch_id = matches.touch_id

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

accepted as (

    select
        count(*) as touch_count,
        coalesce(sum(contact_cost_amount), 0) as contact_cost_amount

    from touches

),

accounted_for as (

    select
        count(*) as touch_count,
        coalesce(sum(contact_cost_amount), 0) as contact_cost_amount,
        sum(cast(is_contact as integer)) as contact_count,
        sum(cast(is_contact and is_opened as integer)) as open_count,
        sum(cast(is_contact and is_clicked as integer)) as click_count,
        sum(cast(is_contact and is_redeemed as integer)) as redemption_count,
        sum(case when match_status = 'matched' then contact_cost_amount end)
            as matched_cost_amount

    from contacts_matched

),

in_retention as (

    select
        coalesce(sum(contact_count), 0) as contact_count,
        coalesce(sum(open_count), 0) as open_count,
        coalesce(sum(click_count), 0) as click_count,
        coalesce(sum(redemption_count), 0) as redemption_count,
        coalesce(sum(contact_cost_amount), 0) as contact_cost_amount,
        count(contact_count) as known_count,
        count(*) as assignment_count

    from retention

),

differences as (

    select
        accepted.touch_count as accepted_touches,
        accounted_for.touch_count as touches_accounted_for,
        accepted.contact_cost_amount as accepted_cost,
        accounted_for.contact_cost_amount as cost_accounted_for,
        accounted_for.contact_count,
        in_retention.contact_count as retention_contacts,
        accounted_for.matched_cost_amount as matched_cost,
        in_retention.contact_cost_amount as retention_cost,
        in_retention.known_count

    from accepted

    cross join accounted_for

    cross join in_retention

    where
        accepted.touch_count != accounted_for.touch_count
        or accepted.contact_cost_amount != accounted_for.contact_cost_amount
        or coalesce(accounted_for.contact_count, 0)
        != in_retention.contact_count
        or coalesce(accounted_for.open_count, 0) != in_retention.open_count
        or coalesce(accounted_for.click_count, 0) != in_retention.click_count
        or coalesce(accounted_for.redemption_count, 0)
        != in_retention.redemption_count
        or coalesce(accounted_for.matched_cost_amount, 0)
        != in_retention.contact_cost_amount
        or in_retention.known_count != {{
            'in_retention.assignment_count' if contacts_are_known else '0'
        }}

)

select * from differences
