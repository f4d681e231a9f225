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
] -%}

with

rows_delivered as (
    {%- for source_name, model, key in sources
        if cst_source_is_enabled(source_name) %}

    select
        '{{ source_name }}' as source_name,
        count(*) + {{ unreadable_line_count(source_name) }} as row_count

    from {{ cst_source_relation(source_name) }}
    {%- if cst_var('cst_known_at') is not none %}

    -- but for those that arrived later
    union all

    select
        '{{ source_name }}' as source_name,
        -count(*) as row_count

    from {{ cst_source(source_name, arrived='later') }}
    {%- endif %}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

rows_in as (

    select
        source_name,
        sum(row_count) as row_count

    from rows_delivered

    group by source_name

),

rows_out as (
    {%- for source_name, model, key in sources
        if cst_source_is_enabled(source_name) %}

    select
        '{{ source_name }}' as source_name,
        count(case when row_status = 'accepted' then 1 end) as accepted_count,
        count(case when row_status = 'rejected' then 1 end) as rejected_count,
        count(case when row_status = 'superseded' then 1 end)
            as superseded_count,
        count(distinct case when row_status != 'rejected' then {{ key }} end)
            as key_count

    from {{ ref(model) }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

rows_counted as (

    select
        source_name,
        sum(row_count) as row_count

    from {{ ref('ads_cst_data_quality') }}

    -- flagged rows are accepted rows
    where row_status != 'flagged'

    group by source_name

)

select
    rows_in.source_name,
    rows_in.row_count,
    rows_counted.row_count as counted_count,
    rows_out.accepted_count,
    rows_out.rejected_count,
    rows_out.superseded_count,
    rows_out.key_count

from rows_in

inner join rows_out
    on rows_in.source_name = rows_out.source_name

left join rows_counted
    on rows_in.source_name = rows_counted.source_name

where
    rows_in.row_count
    != rows_out.accepted_count
    + rows_out.rejected_count
    + rows_out.superseded_count
    or rows_out.accepted_count != rows_out.key_count
    or rows_in.row_count != coalesce(rows_counted.row_count, 0)
