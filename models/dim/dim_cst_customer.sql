with

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

customer_details as (

    select * from {{ ref('base_cst__customer_details') }}

),

consents as (

    select * from {{ ref('int_cst_consents') }}

),

program_groups as (

    select * from {{ ref('int_cst_program_groups') }}

),

refused_consents as (

    select * from {{ ref('int_cst_refused_consents') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

customers as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'periods.customer_id', 'periods.valid_from_at'
        ]) }} as customer_key,
        periods.customer_id,
        merged_customers.surviving_customer_id,

        customer_details.gender,
        customer_details.city,
        customer_details.province,
        versions.member_level,
        versions.acquisition_channel,
        {{ masked_email('customer_details.email') }} as email,
        {{ masked_mobile('customer_details.mobile') }} as mobile,

        versions.acquisition_cost_amount,

        periods.contact_consent,
        case when not periods.is_blank then refused_consents.refused_consents
        end as refused_consents,
        {{ has_consent('periods.contact_consent') }} as has_contact_consent,
        {%- for channel, address in contact_channels().items() %}
        not periods.is_blank
        {%- if address is none %}
        and coalesce(consents.consent_{{ channel }} = 'granted', false)
        {%- else %}
        and {{ has_consent('consents.consent_' ~ channel) }}
        and customer_details.{{ address }} is not null
        {%- endif %} as is_reachable_by_{{ channel }},
        {%- endfor %}
        periods.is_deleted,
        periods.is_unregistered,
        merged_customers.customer_id is not null as is_merged,
        program_groups.is_program_holdout,
        periods.valid_to_at = {{ last_instant() }} as is_current,

        customer_details.birth_date,
        versions.registered_date,

        versions.registered_at,
        periods.valid_from_at,
        periods.valid_to_at

    from periods

    -- customers who never registered have no version, only a period; what must
    -- not be shown has no details
    left join versions
        on
            periods.customer_id = versions.customer_id
            and periods.updated_at = versions.updated_at

    left join customer_details
        on
            periods.customer_id = customer_details.customer_id
            and periods.updated_at = customer_details.updated_at

    left join consents
        on
            periods.customer_id = consents.customer_id
            and periods.updated_at = consents.updated_at

    left join refused_consents
        on periods.customer_id = refused_consents.customer_id

    left join merged_customers
        on periods.customer_id = merged_customers.customer_id

    inner join program_groups
        on
            coalesce(
                merged_customers.surviving_customer_id, periods.customer_id
            ) = program_groups.customer_id

)

select * from customers
