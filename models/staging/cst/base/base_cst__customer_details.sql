with

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

erased_customers as (

    select * from {{ ref('base_cst__erased_customers') }}

),

-- distinct, as the same row can be delivered twice
source as (

    select distinct
        source_rows.customer_id,
        lower(source_rows.gender) as gender,
        source_rows.city,
        source_rows.province,
        source_rows.email,
        source_rows.mobile,
        source_rows.birth_date,
        {{ business_date('source_rows.registered_at') }} as registered_date,
        {{ hashed_row_text('customer') }} as row_text

    from {{ cst_source('customer') }}

),

-- nothing that was written up to an erasure goes any further
customer_details as (

    select
        versions.customer_id,

        source.gender,
        source.city,
        source.province,
        source.email,
        source.mobile,

        case
            when not {{ is_implausible_birth_date(
                'source.birth_date', 'source.registered_date'
            ) }}
                then source.birth_date
        end as birth_date,

        versions.updated_at

    from versions

    inner join source
        on
            versions.customer_id = source.customer_id
            and versions.row_text = source.row_text

    left join erased_customers
        on
            versions.customer_id = erased_customers.customer_id
            and versions.updated_at <= erased_customers.blank_until_at

    where erased_customers.customer_id is null

)

select * from customer_details
