with

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

-- personal data is cleared in every version up to an erasure, not in the newest
-- one alone
customers as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'periods.customer_id', 'periods.valid_from_at'
        ]) }} as customer_key,
        periods.customer_id,
        merged_customers.surviving_customer_id,

        case when not periods.is_blank then versions.gender end as gender,
        case when not periods.is_blank then versions.city end as city,
        case when not periods.is_blank then versions.province end as province,
        versions.member_level,
        versions.acquisition_channel,
        case when not periods.is_blank then versions.email end as email,
        case when not periods.is_blank then versions.mobile end as mobile,

        versions.acquisition_cost_amount,

        periods.has_contact_consent,
        periods.is_deleted,
        periods.is_unregistered,
        merged_customers.customer_id is not null as is_merged,
        periods.valid_to_at = {{ last_instant() }} as is_current,

        case when not periods.is_blank then versions.birth_date end
            as birth_date,
        versions.registered_date,

        versions.registered_at,
        periods.valid_from_at,
        periods.valid_to_at

    from periods

    -- customers who never registered have no version, only a period
    left join versions
        on
            periods.customer_id = versions.customer_id
            and periods.updated_at = versions.updated_at

    left join merged_customers
        on periods.customer_id = merged_customers.customer_id

)

select * from customers
