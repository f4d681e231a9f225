{%- set cap_days = cst_var('retention_contact_cap_days') -%}

with

customers_listed as (

    select * from {{ ref('int_cst_customers_listed') }}

),

contacts as (

    select * from {{ ref('int_cst_contacts') }}

    where not is_control

),

last_contacts as (

    select
        customers_listed.customer_id,
        {%- for channel in contact_channels() %}
        count(
            case
                when
                    contacts.touch_channel = '{{ channel }}'
                    and {{ add_days('contacts.touched_date', cap_days) }}
                    > customers_listed.snapshot_date
                    then 1
            end
        ) as recent_{{ channel }}_count,
        {%- endfor %}
        max(contacts.touched_date) as last_contact_date,
        max(
            case
                when contacts.strategy_code = customers_listed.strategy_code
                    then contacts.touched_date
            end
        ) as last_strategy_contact_date

    from customers_listed

    inner join contacts
        on
            customers_listed.customer_id = contacts.customer_id
            and customers_listed.snapshot_date >= contacts.touched_date

    group by customers_listed.customer_id

)

select * from last_contacts
