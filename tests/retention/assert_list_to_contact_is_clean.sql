{#-
    On the list to contact there is nobody erased, without consent, at an
    address that somebody refused, with a complaint, who waits for a refund,
    just bought or was just contacted; and what the list gives as a reason is
    so. All of it is found anew from the public tables, and from orders, refunds
    and addresses as they are in staging.
-#}
{%- set channels = contact_channels() -%}
{%- set caps = cst_var('retention_channel_caps') -%}
{%- set cap_days = cst_var('retention_contact_cap_days') -%}
with

audience as (

    select * from {{ ref('ads_cst_audience') }}

    where is_current

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

    where is_current

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

),

behavior as (

    select * from {{ ref('dws_cst_behavior') }}

    where is_current

),

contacts as (

    select * from {{ ref('dwd_prm_contact') }}

    where not is_control

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

    where {{ is_one_of('order_status', cst_var('cst_valid_order_statuses')) }}

),

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

refund_versions as (

    select * from {{ ref('base_trd__refunds') }}

    where row_status != 'rejected'

),

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

),

consents as (

    select * from {{ ref('int_cst_consents') }}

),

details as (

    select * from {{ ref('base_cst__customer_details') }}

),

contacts_by_customer as (

    select
        audience.customer_id,
        {%- for channel in channels %}
        sum(
            case
                when
                    contacts.contact_channel = '{{ channel }}'
                    and {{ days_between(
                        'contacts.contact_date', 'audience.snapshot_date'
                    ) }} < {{ cap_days }}
                    then 1
                else 0
            end
        ) as {{ channel }}_count,
        {%- endfor %}
        min({{ days_between(
            'contacts.contact_date', 'audience.snapshot_date'
        ) }}) as days_since_contact,
        min(
            case
                when contacts.strategy_code = audience.strategy_code
                    then {{ days_between(
                        'contacts.contact_date', 'audience.snapshot_date'
                    ) }}
            end
        ) as days_since_strategy_contact

    from audience

    inner join contacts
        on audience.customer_id = contacts.customer_id

    where contacts.contact_date <= audience.snapshot_date

    group by audience.customer_id

),

-- an order counts while some of its money has not come back
orders_left as (

    select
        audience.customer_id,
        orders.order_id,
        {{ days_between('orders.purchase_date', 'audience.snapshot_date') }}
            as days_ago

    from orders

    inner join customers
        on orders.customer_id = customers.customer_id

    inner join audience
        on
            coalesce(customers.surviving_customer_id, customers.customer_id)
            = audience.customer_id

    left join refunds
        on
            orders.order_id = refunds.order_id
            and audience.snapshot_date >= refunds.refunded_date

    where orders.purchase_date <= audience.snapshot_date

    group by
        audience.customer_id,
        orders.order_id,
        orders.order_amount,
        orders.purchase_date,
        audience.snapshot_date

    having coalesce(sum(refunds.refund_amount), 0) < orders.order_amount

),

orders_by_customer as (

    select
        customer_id,
        min(days_ago) as days_since_order

    from orders_left

    group by customer_id

),

refunds_running as (

    select
        refund_id,
        max(case when row_status = 'accepted' then order_id end) as order_id,
        max(case when row_status = 'accepted' then customer_id end)
            as customer_id,
        min({{ business_date('updated_at') }}) as first_date

    from refund_versions

    group by refund_id

    having
        bool_or(
            row_status = 'accepted'
            and {{ is_one_of(
                'refund_status', cst_var('cst_running_refund_statuses')
            ) }}
        )

),

refunds_by_customer as (

    select
        audience.customer_id,
        count(*) as refund_count

    from refunds_running

    left join {{ ref('stg_trd__orders') }} as refunded_orders
        on refunds_running.order_id = refunded_orders.order_id

    inner join customers
        on
            coalesce(refunded_orders.customer_id, refunds_running.customer_id)
            = customers.customer_id

    inner join audience
        on
            coalesce(customers.surviving_customer_id, customers.customer_id)
            = audience.customer_id

    where
        refunds_running.first_date is null
        or refunds_running.first_date <= audience.snapshot_date

    group by audience.customer_id

),

addresses as (

    select
        customers.customer_id,
        customers.contact_consent,
        {%- for channel in channels %}
        consents.consent_{{ channel }},
        {%- endfor %}
        lower(details.email) as email,
        {{ comparable_mobile('details.mobile') }} as mobile

    from customers

    inner join periods
        on
            customers.customer_id = periods.customer_id
            and customers.valid_from_at = periods.valid_from_at

    inner join details
        on
            periods.customer_id = details.customer_id
            and periods.updated_at = details.updated_at

    left join consents
        on
            periods.customer_id = consents.customer_id
            and periods.updated_at = consents.updated_at

    where
        not customers.is_deleted
        and not customers.is_merged

),

refused_addresses as (

    {%- for address in ['email', 'mobile'] %}
    select
        {{ address }} as address,
        'all' as channel

    from addresses

    where contact_consent = 'refused'

    union
    {% endfor %}
    {%- for channel, address in channels.items() if address %}
    select
        {{ address }} as address,
        '{{ channel }}' as channel

    from addresses

    where consent_{{ channel }} = 'refused'
    {{ 'union' if not loop.last }}
    {%- endfor %}

),

refusals_met as (

    {%- for address in ['email', 'mobile'] %}
    select
        audience.customer_id,
        refused_addresses.channel in ('all', audience.contact_channel)
            as is_of_channel

    from audience

    inner join addresses
        on audience.customer_id = addresses.customer_id

    inner join refused_addresses
        on addresses.{{ address }} = refused_addresses.address
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

refusals_by_customer as (

    select
        customer_id,
        bool_or(coalesce(is_of_channel, false)) as is_of_channel

    from refusals_met

    group by customer_id

),

facts as (

    select
        audience.customer_id,
        audience.no_contact_reason,
        audience.contact_channel,
        audience.is_contactable,

        customers.is_deleted as is_erased,
        not customers.has_contact_consent as is_without_consent,
        case audience.contact_channel
            {%- for channel in channels %}
            when '{{ channel }}' then customers.is_reachable_by_{{ channel }}
            {%- endfor %}
            else false
        end as is_reached,
        refusals_by_customer.customer_id is not null as has_refusal,
        coalesce(refusals_by_customer.is_of_channel, false)
            as has_refusal_of_channel,
        coalesce(behavior.open_ticket_count, 0) > 0 as has_open_ticket,
        refunds_by_customer.customer_id is not null as has_running_refund,
        coalesce(
            behavior.days_since_bad_experience
            < {{ cst_var('retention_bad_experience_days') }}, false
        ) as has_bad_experience,
        coalesce(
            orders_by_customer.days_since_order
            < {{ cst_var('retention_just_bought_days') }}, false
        ) as has_just_bought,
        coalesce(
            audience.recent_contact_count
            >= {{ cst_var('retention_contact_cap') }}, false
        ) as is_capped,
        {%- for channel, cap in caps.items() %}
        (
            audience.contact_channel = '{{ channel }}'
            and coalesce(contacts_by_customer.{{ channel }}_count, 0)
            >= {{ cap }}
        ) or
        {%- endfor %} false as is_channel_capped,
        coalesce(
            contacts_by_customer.days_since_contact
            < {{ cst_var('retention_quiet_days') }}, false
        ) as is_in_quiet_period,
        coalesce(
            contacts_by_customer.days_since_strategy_contact
            < strategies.cadence_days, false
        ) as is_within_cadence,
        strategies.budget_amount is not null as has_budget

    from audience

    inner join customers
        on audience.customer_id = customers.customer_id

    inner join strategies
        on audience.strategy_code = strategies.strategy_code

    left join behavior
        on audience.customer_id = behavior.customer_id

    left join contacts_by_customer
        on audience.customer_id = contacts_by_customer.customer_id

    left join orders_by_customer
        on audience.customer_id = orders_by_customer.customer_id

    left join refunds_by_customer
        on audience.customer_id = refunds_by_customer.customer_id

    left join refusals_by_customer
        on audience.customer_id = refusals_by_customer.customer_id

),

differences as (

    select *

    from facts

    where
        (
            is_contactable
            and (
                is_erased
                or is_without_consent
                or not is_reached
                or has_refusal_of_channel
                or has_open_ticket
                or has_running_refund
                or has_bad_experience
                or has_just_bought
                or is_capped
                or is_channel_capped
                or is_in_quiet_period
                or is_within_cadence
            )
        )
        or is_contactable = (no_contact_reason is not null)
        or not case no_contact_reason
            when 'erased' then is_erased
            when 'no_consent' then is_without_consent
            when 'consent_unknown' then is_without_consent
            when 'same_address_opted_out' then has_refusal
            when 'open_ticket' then has_open_ticket
            when 'refund_running' then has_running_refund
            when 'bad_experience' then has_bad_experience
            when 'just_bought' then has_just_bought
            when 'frequency_cap' then is_capped
            when 'quiet_period' then is_in_quiet_period
            when 'cadence' then is_within_cadence
            when 'over_budget' then has_budget
            else true
        end

)

select * from differences
