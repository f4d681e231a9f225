with

products as (

    select * from {{ ref('int_cst_products') }}

),

products_keyed as (

    select
        {{ dbt_utils.generate_surrogate_key(['product_id']) }} as product_key,
        product_id,

        product_name,
        brand,
        category_path,
        category_1,
        category_2,
        category_3,

        is_listed

    from products

)

select * from products_keyed
