with

consents as (

    select * from {{ ref('int_cst_consents_withdrawn') }}

),

erased_customers as (

    select * from {{ ref('base_cst__erased_customers') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

refused_consents as (

    select * from {{ ref('int_cst_refused_consents') }}

),

versions as (

    select
        customer_id,
        min(updated_at) as first_version_at,
        max(updated_at) as last_version_at

    from {{ ref('stg_cst__customer_versions') }}

    group by customer_id

),

-- of who is blank now, nothing may be used
people as (

    select
        coalesce(consents.customer_id, erased_customers.customer_id)
            as customer_id,
        coalesce(erased_customers.is_deleted, false) as is_deleted,
        case
            when
                erased_customers.blank_until_at >= coalesce(
                    versions.last_version_at, {{ first_instant() }}
                )
                then 'refused'
            else consents.contact_consent
        end as contact_consent,
        {%- for channel in contact_channels() %}
        consents.is_{{ channel }}_withdrawn,
        {%- endfor %}
        erased_customers.blank_until_at,
        versions.first_version_at,
        consents.last_told_at

    from consents

    full outer join erased_customers
        on consents.customer_id = erased_customers.customer_id

    left join versions
        on consents.customer_id = versions.customer_id

),

withdrawals as (

    select
        people.customer_id,
        merged_customers.surviving_customer_id,

        people.contact_consent,
        refused_consents.refused_consents,
        {%- for channel in contact_channels() %}
        people.contact_consent is not null
        or coalesce(people.is_{{ channel }}_withdrawn, false)
            as is_{{ channel }}_withdrawn,
        {%- endfor %}
        people.is_deleted,

        people.first_version_at,
        people.last_told_at,
        people.blank_until_at

    from people

    left join merged_customers
        on people.customer_id = merged_customers.customer_id

    left join refused_consents
        on people.customer_id = refused_consents.customer_id

    where
        people.blank_until_at is not null
        or people.contact_consent is not null
        {%- for channel in contact_channels() %}
        or people.is_{{ channel }}_withdrawn
        {%- endfor %}
        or merged_customers.customer_id is not null

)

select * from withdrawals
