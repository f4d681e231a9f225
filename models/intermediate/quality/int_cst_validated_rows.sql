-- A view: as a table it would be one more copy of every row delivered.
{{ config(materialized='view') }}

{%- set sources = [
    ('customer', 'base_cst__customers', 'customer_id'),
    ('order', 'base_trd__orders', 'order_id'),
    ('order_item', 'base_trd__order_items', 'item_id'),
    ('refund', 'base_trd__refunds', 'refund_id'),
    ('product', 'base_prd__products', 'product_id'),
    ('exchange_rate', 'base_fin__exchange_rates', 'rate_key'),
    ('event', 'base_log__events', 'event_id'),
    ('ticket', 'base_svc__tickets', 'ticket_id'),
    ('campaign', 'base_prm__campaigns', 'campaign_id'),
    ('touch', 'base_prm__touches', 'touch_id'),
] %}

with

validated_rows as (
    {%- for source_name, model, key in sources %}

    select
        '{{ source_name }}' as source_name,
        -- a line without its fields has no key, but a place in its file
        case
            when reject_reason = 'unreadable_line'
                then {{ dbt.split_part('row_text', "': '", 1) }}
            else {{ key }}
        end as source_key,

        row_status,
        reject_reason,
        flags,
        problem_column,
        problem_value,
        row_text,

        cast(
            {{ unrounded_amount('order_amount', 'exchange_rate')
                if source_name == 'order' else 'null' }} as decimal(38, 2)
        ) as order_amount

    from {{ ref(model) }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from validated_rows
