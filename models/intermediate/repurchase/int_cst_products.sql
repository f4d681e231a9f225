with

products as (

    select * from {{ ref('stg_prd__products') }}

),

order_items as (

    select * from {{ ref('stg_trd__order_items') }}

),

ranked_items as (

    select
        {% for column in ['product_name', 'category'] -%}
        {{ column }},
        row_number() over (
            partition by product_id
            order by
                {{ column }} is null,
                updated_at desc nulls last,
                item_id desc
        ) as {{ column }}_rank,
        {% endfor -%}
        product_id

    from order_items

),

newest_items as (

    select
        product_id,
        max(case when product_name_rank = 1 then product_name end)
            as product_name,
        max(case when category_rank = 1 then category end) as category

    from ranked_items

    group by product_id

),

-- what the product table leaves empty, the newest line fills
named_products as (

    select
        coalesce(products.product_id, newest_items.product_id) as product_id,
        coalesce(products.product_name, newest_items.product_name)
            as product_name,
        products.brand,
        replace(coalesce(products.category, newest_items.category), '＞', '>')
            as category,
        products.product_id is not null as is_listed

    from products

    full outer join newest_items
        on products.product_id = newest_items.product_id

),

leveled_products as (

    select
        product_id,
        product_name,
        brand,
        {% for level in range(1, 4) -%}
        nullif(
            {{ trim_white_space("split_part(category, '>', " ~ level ~ ')') }},
            ''
        ) as category_{{ level }},
        {% endfor -%}
        is_listed

    from named_products

),

-- a path ends where a level is empty
categorized_products as (

    select
        product_id,
        product_name,
        brand,
        category_1,
        case when category_1 is not null then category_2 end as category_2,
        case
            when category_1 is not null and category_2 is not null
                then category_3
        end as category_3,
        is_listed

    from leveled_products

),

final_products as (

    select
        product_id,
        product_name,
        brand,
        nullif(concat_ws(' > ', category_1, category_2, category_3), '')
            as category_path,
        category_1,
        category_2,
        category_3,
        is_listed

    from categorized_products

)

select * from final_products
