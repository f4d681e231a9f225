with

{{ source_ctes('product') }}

renamed as {{ not_materialized() }} (

    select
        product_id,

        product_name,
        category,
        brand,

        updated_at,
        ingested_at,

        {{ row_facts() }}

    from source

),

validated_rows as (
{{ validate_rows('renamed', hashed_row_text('product'),
'product_id', 'updated_at', reject_reasons={}) }}
)

select * from validated_rows
