with

products as (

    select * from {{ ref('int_cst_products') }}

),

-- a product is in its category and in all above it
category_levels as (

    {% for level in range(1, 4) -%}
    select
        {{ level }} as category_level,
        category_{{ level }} as category_name,
        category_1,
        {{ 'category_2' if level > 1 else 'cast(null as string)' }}
            as category_2,
        {{ 'category_3' if level > 2 else 'cast(null as string)' }}
            as category_3

    from products

    where category_{{ level }} is not null

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

categories as (

    select
        concat_ws(' > ', category_1, category_2, category_3) as category_path,
        case
            when category_3 is not null
                then concat_ws(' > ', category_1, category_2)
            when category_2 is not null then category_1
        end as parent_category_path,

        category_name,
        category_1,
        category_2,
        category_3,

        category_level,
        count(*) as product_count

    from category_levels

    group by
        category_name,
        category_1,
        category_2,
        category_3,
        category_level

)

select * from categories
