with

products as (

    select * from {{ ref('base_prd__products') }}

    where row_status = 'accepted'

),

newest_products as (

    select
        product_id,

        product_name,
        category,
        brand,

        updated_at

    from products

)

select * from newest_products
