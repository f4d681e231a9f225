{%- set sources = [
    ('customer', 'base_cst__customers', 'customer_id'),
    ('order', 'base_trd__orders', 'order_id'),
    ('refund', 'base_trd__refunds', 'refund_id'),
    ('event', 'base_log__events', 'event_id'),
    ('ticket', 'base_svc__tickets', 'ticket_id'),
    ('campaign', 'base_prm__campaigns', 'campaign_id'),
    ('touch', 'base_prm__touches', 'touch_id'),
] -%}

with

rejected_rows as (
    {%- for source_name, model, key in sources %}

    select
        '{{ source_name }}' as source_name,
        {{ key }} as source_key,
        reject_reason,
        row_text

    from {{ ref(model) }}

    where row_status = 'rejected'
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

-- the same broken row can be delivered several times
numbered_rows as (

    select
        source_name,
        source_key,
        reject_reason,
        row_text,
        row_number() over (
            partition by source_name, row_text
            order by reject_reason
        ) as delivery_number

    from rejected_rows

)

select * from numbered_rows
