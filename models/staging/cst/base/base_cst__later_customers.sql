with

source as (

    select * from {{ cst_source('customer', arrived='later') }}

    where customer_id is not null

),

-- of what was not known yet, only what protects: a later false brings nobody
-- back, and a later consent is granted by nothing that reads this
later_customers as (

    select
        customer_id,
        merged_into_customer_id,

        {%- for consent in consents() %}
        {{ stated_consent(consent) }} as {{ consent }},
        {%- endfor %}
        case when is_deleted then true end as is_deleted,

        updated_at

    from source

)

select * from later_customers
