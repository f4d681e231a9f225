{%- set attributes = [
    'merged_into_customer_id', 'gender', 'city', 'province', 'member_level',
    'acquisition_channel', 'email', 'mobile', 'acquisition_cost_amount',
    'has_contact_consent', 'is_deleted', 'birth_date', 'registered_at',
] -%}

with

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

unregistered_customers as (

    select * from {{ ref('int_cst_unregistered_customers') }}

),

-- who asks to be erased also means the customers merged into them
erasures as (

    select
        customers.customer_id,
        customers.is_deleted
        or coalesce(survivors.is_deleted, false) as is_deleted

    from customers

    left join merged_customers
        on customers.customer_id = merged_customers.customer_id

    left join customers as survivors
        on merged_customers.surviving_customer_id = survivors.customer_id

),

-- erased from every version, not from the newest alone
versions_after_erasure as (

    select
        versions.customer_id,
        versions.merged_into_customer_id,

        {% for attribute in [
            'gender', 'city', 'province', 'email', 'mobile', 'birth_date'
        ] -%}
        case when not erasures.is_deleted then versions.{{ attribute }} end
            as {{ attribute }},
        {% endfor -%}
        versions.member_level,
        versions.acquisition_channel,

        versions.acquisition_cost_amount,

        versions.has_contact_consent and not erasures.is_deleted
            as has_contact_consent,
        erasures.is_deleted,

        versions.registered_date,

        versions.registered_at,
        versions.updated_at

    from versions

    inner join erasures
        on versions.customer_id = erasures.customer_id

),

attribute_hashes as (

    select
        *,
        {{ dbt_utils.generate_surrogate_key(attributes) }} as attributes_hash

    from versions_after_erasure

),

previous_hashes as (

    select
        *,
        lag(attributes_hash) over (
            partition by customer_id
            order by updated_at
        ) as previous_attributes_hash

    from attribute_hashes

),

-- a version delivered again without a change is no new version
changed_versions as (

    select * from previous_hashes

    where
        previous_attributes_hash is null
        or previous_attributes_hash != attributes_hash

),

-- what was known first holds for the time before it, too
version_periods as (

    select
        customer_id,
        merged_into_customer_id,

        gender,
        city,
        province,
        member_level,
        acquisition_channel,
        email,
        mobile,

        acquisition_cost_amount,

        has_contact_consent,
        is_deleted,
        false as is_unregistered,

        birth_date,
        registered_date,

        registered_at,
        case
            when previous_attributes_hash is null
                then {{ first_instant() }}
            else updated_at
        end as valid_from_at,
        coalesce(
            lead(updated_at) over (
                partition by customer_id
                order by updated_at
            ),
            {{ last_instant() }}
        ) as valid_to_at

    from changed_versions

    union all

    select
        customer_id,
        cast(null as string) as merged_into_customer_id,

        cast(null as string) as gender,
        cast(null as string) as city,
        cast(null as string) as province,
        cast(null as string) as member_level,
        cast(null as string) as acquisition_channel,
        cast(null as string) as email,
        cast(null as string) as mobile,

        cast(null as decimal(18, 2)) as acquisition_cost_amount,

        false as has_contact_consent,
        false as is_deleted,
        true as is_unregistered,

        cast(null as date) as birth_date,
        cast(null as date) as registered_date,

        cast(null as timestamp) as registered_at,
        {{ first_instant() }} as valid_from_at,
        {{ last_instant() }} as valid_to_at

    from unregistered_customers

)

select * from version_periods
