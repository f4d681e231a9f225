{%- set cap_days = cst_var('retention_contact_cap_days') -%}

with

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

last_contacts as (

    select
        contacts.customer_id,
        contacts.strategy_code,
        {%- for channel in contact_channels() %}
        count(
            case
                when
                    contacts.touch_channel = '{{ channel }}'
                    and {{ add_days('contacts.touched_date', cap_days) }}
                    > snapshot_dates.snapshot_date
                    then 1
            end
        ) as recent_{{ channel }}_count,
        {%- endfor %}
        max(contacts.touched_date) as last_contact_date

    from contacts

    inner join snapshot_dates
        on contacts.touched_date <= snapshot_dates.snapshot_date

    group by
        contacts.customer_id,
        contacts.strategy_code

)

select * from last_contacts
