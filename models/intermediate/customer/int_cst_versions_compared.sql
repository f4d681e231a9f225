{%- set attributes = [
    'versions.merged_into_customer_id',
    'versions.member_level',
    'versions.acquisition_channel',
    'versions.acquisition_cost_amount',
    'versions.registered_at',
    'customer_details.gender',
    'customer_details.city',
    'customer_details.province',
    'customer_details.email',
    'customer_details.mobile',
    'customer_details.birth_date',
] -%}
{%- set states = [] -%}
{%- for consent in consents() %}{% do states.append('consents.' ~ consent) %}
{%- endfor -%}

with

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

customer_details as (

    select * from {{ ref('base_cst__customer_details') }}

),

consents as (

    select * from {{ ref('int_cst_consents') }}

),

erased_customers as (

    select * from {{ ref('base_cst__erased_customers') }}

),

-- details and consents that are blank do not reveal when they changed
hashed_versions as (

    select
        versions.customer_id,
        case
            when erased_customers.customer_id is null
                then consents.contact_consent
            else 'refused'
        end as contact_consent,
        coalesce(erased_customers.is_deleted, false) as is_deleted,
        erased_customers.customer_id is not null as is_blank,
        versions.updated_at,
        case
            when erased_customers.customer_id is null
                then {{ attributes_hash(attributes + states) }}
            else {{ attributes_hash(attributes) }}
        end as attributes_hash

    from versions

    left join customer_details
        on
            versions.customer_id = customer_details.customer_id
            and versions.updated_at = customer_details.updated_at

    inner join consents
        on
            versions.customer_id = consents.customer_id
            and versions.updated_at = consents.updated_at

    left join erased_customers
        on
            versions.customer_id = erased_customers.customer_id
            and versions.updated_at <= erased_customers.blank_until_at

),

compared_versions as (

    select
        customer_id,
        contact_consent,
        is_deleted,
        is_blank,
        updated_at,
        lag(attributes_hash) over (
            partition by customer_id
            order by updated_at
        ) is null as is_first,
        coalesce(
            attributes_hash = lag(attributes_hash) over (
                partition by customer_id
                order by updated_at
            ),
            false
        ) as is_unchanged

    from hashed_versions

)

select * from compared_versions
