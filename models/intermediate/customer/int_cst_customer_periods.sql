with

versions as (

    select * from {{ ref('int_cst_versions_compared') }}

),

unregistered_customers as (

    select * from {{ ref('int_cst_unregistered_customers') }}

),

erased_customers as (

    select * from {{ ref('base_cst__erased_customers') }}

),

-- a version delivered again without a change starts no period; the first
-- version also holds for the time before it was written
periods as (

    select
        customer_id,

        contact_consent,
        is_blank,
        is_deleted,
        false as is_unregistered,

        updated_at,
        case when is_first then {{ first_instant() }} else updated_at
        end as valid_from_at,
        coalesce(
            lead(updated_at) over (
                partition by customer_id
                order by updated_at
            ),
            {{ last_instant() }}
        ) as valid_to_at

    from versions

    where not is_unchanged

    union all

    select
        unregistered_customers.customer_id,

        case
            when erased_customers.customer_id is null then 'unknown'
            else 'refused'
        end as contact_consent,
        true as is_blank,
        coalesce(erased_customers.is_deleted, false) as is_deleted,
        true as is_unregistered,

        cast(null as timestamp) as updated_at,
        {{ first_instant() }} as valid_from_at,
        {{ last_instant() }} as valid_to_at

    from unregistered_customers

    left join erased_customers
        on unregistered_customers.customer_id = erased_customers.customer_id

)

select * from periods
