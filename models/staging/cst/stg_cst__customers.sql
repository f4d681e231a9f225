with

customers as (

    select * from {{ ref('base_cst__customers') }}

    where row_status = 'accepted'

),

newest_customers as (

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

        birth_date,
        registered_date,

        registered_at,
        updated_at

    from customers

)

select * from newest_customers
