with

{{ source_ctes('order_item') }}

renamed as {{ not_materialized() }} (

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

        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('order_item'),
'item_id', 'updated_at', reject_reasons={
    'negative_quantity': {'quantity': 'quantity < 0'},
    'negative_amount': {
        'item_amount': 'item_amount < 0',
        'discount_amount': 'discount_amount < 0',
        'cost_amount': 'cost_amount < 0',
    },
}, identity=['order_id']) }}
)

select * from validated_rows
