with

order_items as (

    select * from {{ ref('base_trd__order_items') }}

    where row_status = 'accepted'

),

newest_order_items as (

    select
        item_id,
        order_id,
        product_id,

        product_name,
        category,

        quantity,
        item_amount,
        discount_amount,
        cost_amount,

        updated_at

    from order_items

)

select * from newest_order_items
