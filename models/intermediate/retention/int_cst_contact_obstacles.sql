{%- set caps = cst_var('retention_channel_caps') -%}
{%- set dated = [
    ('has_just_bought', 'last_purchases.last_purchase_date',
     cst_var('retention_just_bought_days')),
    ('is_in_quiet_period', 'contacts_by_customer.last_contact_date',
     cst_var('retention_quiet_days')),
    ('is_within_cadence', 'contacts_by_customer.last_strategy_contact_date',
     'customers_listed.cadence_days'),
] -%}

with

customers_listed as (

    select * from {{ ref('int_cst_customers_listed') }}

),

address_refusals as (

    select * from {{ ref('int_cst_address_refusals') }}

),

service_experience as (

    select * from {{ ref('int_cst_service_experience') }}

),

refunds_awaited as (

    select * from {{ ref('int_cst_refunds_awaited') }}

),

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

last_contacts as (

    select * from {{ ref('int_cst_last_contacts') }}

),

last_purchases as (

    select
        customers_listed.customer_id,
        max(purchase_days.purchase_date) as last_purchase_date

    from customers_listed

    inner join purchase_days
        on
            customers_listed.customer_id = purchase_days.customer_id
            and customers_listed.snapshot_date >= purchase_days.purchase_date

    where
        purchase_days.fully_refunded_date is null
        or purchase_days.fully_refunded_date > customers_listed.snapshot_date

    group by customers_listed.customer_id

),

contacts_by_customer as (

    select
        customers_listed.customer_id,
        {%- for channel in contact_channels() %}
        sum(last_contacts.recent_{{ channel }}_count) as {{ channel }}_count,
        {%- endfor %}
        max(last_contacts.last_contact_date) as last_contact_date,
        max(
            case
                when
                    last_contacts.strategy_code = customers_listed.strategy_code
                    then last_contacts.last_contact_date
            end
        ) as last_strategy_contact_date

    from customers_listed

    inner join last_contacts
        on customers_listed.customer_id = last_contacts.customer_id

    group by customers_listed.customer_id

),

contact_obstacles as (

    select
        customers_listed.customer_id,
        {%- for channel in contact_channels() %}
        coalesce(address_refusals.is_{{ channel }}_refused, false)
            as is_{{ channel }}_refused,
        {%- endfor %}
        {%- for channel in contact_channels() %}
        coalesce(
            coalesce(contacts_by_customer.{{ channel }}_count, 0)
            >= {{ caps.get(channel, 'null') }}, false
        ) as is_{{ channel }}_capped,
        {%- endfor %}
        coalesce(service_experience.open_ticket_count > 0, false)
            as has_open_ticket,
        coalesce(
            refunds_awaited.first_requested_date
            <= customers_listed.snapshot_date, false
        ) as has_running_refund,
        coalesce(
            service_experience.days_since_bad_experience
            < {{ cst_var('retention_bad_experience_days') }}, false
        ) as has_bad_experience,
        -- 0 days reach nothing up to the as-of date: the rule is off
        {%- for obstacle, last_date, days in dated %}
        coalesce(
            {{ add_days(last_date, days) }} > customers_listed.snapshot_date,
            false
        ) as {{ obstacle }},
        {%- endfor %}
        customers_listed.snapshot_date

    from customers_listed

    left join address_refusals
        on customers_listed.customer_id = address_refusals.customer_id

    left join service_experience
        on
            customers_listed.customer_id = service_experience.customer_id
            and customers_listed.snapshot_date
            = service_experience.snapshot_date

    left join refunds_awaited
        on customers_listed.customer_id = refunds_awaited.customer_id

    left join last_purchases
        on customers_listed.customer_id = last_purchases.customer_id

    left join contacts_by_customer
        on customers_listed.customer_id = contacts_by_customer.customer_id

)

select * from contact_obstacles
