with

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

    where valid_to_at = {{ last_instant() }}

),

customer_details as (

    select * from {{ ref('base_cst__customer_details') }}

),

consents as (

    select * from {{ ref('int_cst_consents') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

-- for a merged customer speaks the one that is left
customers as (

    select
        periods.customer_id,
        periods.contact_consent = 'refused' as is_any_refused,
        {%- for channel, address in contact_channels().items() if address %}
        coalesce(consents.consent_{{ channel }} = 'refused', false)
            as is_{{ channel }}_refused,
        {%- endfor %}
        lower(customer_details.email) as email,
        {{ comparable_mobile('customer_details.mobile') }} as mobile

    from periods

    inner join customer_details
        on
            periods.customer_id = customer_details.customer_id
            and periods.updated_at = customer_details.updated_at

    left join consents
        on
            periods.customer_id = consents.customer_id
            and periods.updated_at = consents.updated_at

    left join merged_customers
        on periods.customer_id = merged_customers.customer_id

    where
        not periods.is_deleted
        and merged_customers.customer_id is null

),

{%- for address in ['email', 'mobile'] %}

refusals_by_{{ address }} as (

    select
        {%- for channel, needed in contact_channels().items()
            if needed == address %}
        bool_or(is_{{ channel }}_refused) as is_{{ channel }}_refused,
        {%- endfor %}
        bool_or(is_any_refused) as is_any_refused,
        {{ address }}

    from customers

    group by {{ address }}

),
{%- endfor %}

-- who refused every channel is not to be reached by another one either
address_refusals as (

    select
        {%- for channel, address in contact_channels().items() %}
        coalesce(refusals_by_email.is_any_refused, false)
        or coalesce(refusals_by_mobile.is_any_refused, false)
        {%- if address %}
        or coalesce(
            refusals_by_{{ address }}.is_{{ channel }}_refused, false
        )
        {%- endif %} as is_{{ channel }}_refused,
        {%- endfor %}
        customers.customer_id

    from customers

    left join refusals_by_email
        on customers.email = refusals_by_email.email

    left join refusals_by_mobile
        on customers.mobile = refusals_by_mobile.mobile

)

select * from address_refusals
