with

-- of two versions written at the same instant, the one that also wins in
-- stg_cst__customers
ranked_versions as (

    select
        *,
        row_number() over (
            partition by customer_id, updated_at
            order by row_text desc
        ) as version_rank

    from {{ ref('base_cst__customers') }}

    where row_status in ('accepted', 'superseded')

),

customer_versions as (

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

        coalesce(contact_consent = 'granted', false) as has_contact_consent,

        birth_date,
        registered_date,

        registered_at,
        updated_at

    from ranked_versions

    where version_rank = 1

)

select * from customer_versions
