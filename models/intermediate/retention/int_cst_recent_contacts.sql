{%- set cap_days = cst_var('retention_contact_cap_days') -%}

with

strategies_assigned as (

    select * from {{ ref('int_cst_strategies_assigned') }}

),

contacts as (

    select * from {{ ref('int_cst_contacts_matched') }}

    where not is_control

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

-- enters at the first snapshot on or after it, leaves at the first one that
-- it is too old for
contacts_on_snapshots as (

    select
        contacts.customer_id,
        {{ snapshot_on_or_after(
            'contacts.touched_date', 'snapshot_bounds'
        ) }} as enters_on,
        {{ snapshot_on_or_after(
            add_days('contacts.touched_date', cap_days), 'snapshot_bounds'
        ) }} as leaves_on

    from contacts

    cross join snapshot_bounds

),

changes as (

    select
        customer_id,
        snapshot_date,
        0 as contact_change,
        true as is_assigned

    from strategies_assigned

    union all

    select
        customer_id,
        enters_on as snapshot_date,
        1 as contact_change,
        false as is_assigned

    from contacts_on_snapshots

    where enters_on is not null

    union all

    select
        customer_id,
        leaves_on as snapshot_date,
        -1 as contact_change,
        false as is_assigned

    from contacts_on_snapshots

    where leaves_on is not null

),

changes_by_snapshot as (

    select
        customer_id,
        snapshot_date,
        sum(contact_change) as contact_change,
        bool_or(is_assigned) as is_assigned

    from changes

    group by
        customer_id,
        snapshot_date

),

running_totals as (

    select
        customer_id,
        snapshot_date,
        is_assigned,
        sum(contact_change) over (
            partition by customer_id
            order by snapshot_date
            rows between unbounded preceding and current row
        ) as recent_contact_count

    from changes_by_snapshot

),

recent_contacts as (

    select
        customer_id,
        snapshot_date,
        {% if cst_source_is_enabled('touch') -%}
        cast(recent_contact_count as bigint) as recent_contact_count
        {%- else -%}
        cast(null as bigint) as recent_contact_count
        {%- endif %}

    from running_totals

    where is_assigned

)

select * from recent_contacts
