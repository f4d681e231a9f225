{%- set cap_days = cst_var('retention_contact_cap_days') -%}

with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

recent_contacts as (

    select
        contacts.customer_id,
        snapshot_dates.snapshot_date,
        count(*) as recent_contact_count

    from contacts

    inner join snapshot_dates
        on
            contacts.touched_date <= snapshot_dates.snapshot_date
            and {{ add_days('contacts.touched_date', cap_days) }}
            > snapshot_dates.snapshot_date

    group by
        contacts.customer_id,
        snapshot_dates.snapshot_date

)

select * from recent_contacts
