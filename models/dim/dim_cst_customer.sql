with

customer_versions as (

    select * from {{ ref('int_cst_customer_versions') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

customers as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'customer_versions.customer_id', 'customer_versions.valid_from_at'
        ]) }} as customer_key,
        customer_versions.customer_id,
        merged_customers.surviving_customer_id,

        customer_versions.gender,
        customer_versions.city,
        customer_versions.province,
        customer_versions.member_level,
        customer_versions.acquisition_channel,
        customer_versions.email,
        customer_versions.mobile,

        customer_versions.acquisition_cost_amount,

        customer_versions.has_contact_consent,
        customer_versions.is_deleted,
        customer_versions.is_unregistered,
        merged_customers.customer_id is not null as is_merged,
        customer_versions.valid_to_at = {{ last_instant() }} as is_current,

        customer_versions.birth_date,
        customer_versions.registered_date,

        customer_versions.registered_at,
        customer_versions.valid_from_at,
        customer_versions.valid_to_at

    from customer_versions

    left join merged_customers
        on customer_versions.customer_id = merged_customers.customer_id

)

select * from customers
