{%- set models = [
    ('customer', 'base_cst__customers'),
    ('order', 'base_trd__orders'),
    ('order_item', 'base_trd__order_items'),
    ('refund', 'base_trd__refunds'),
    ('product', 'base_prd__products'),
    ('exchange_rate', 'base_fin__exchange_rates'),
    ('event', 'base_log__events'),
    ('ticket', 'base_svc__tickets'),
    ('campaign', 'base_prm__campaigns'),
    ('touch', 'base_prm__touches'),
] -%}

with

row_counts as (
    {%- for source_name, model in models %}

    select
        '{{ source_name }}' as source_name,
        reject_reason,
        1 as rejected_rows,
        0 as counted_rows,
        0 as listed_rows

    from {{ ref(model) }}

    where row_status = 'rejected'

    union all
    {%- endfor %}

    select
        source_name,
        reason_code as reject_reason,
        0 as rejected_rows,
        row_count as counted_rows,
        0 as listed_rows

    from {{ ref('ads_cst_data_quality') }}

    where row_status = 'rejected'

    union all

    select
        source_name,
        reject_reason,
        0 as rejected_rows,
        0 as counted_rows,
        1 as listed_rows

    from {{ ref('ads_cst_rejected_row') }}

)

select
    source_name,
    reject_reason,
    sum(rejected_rows) as rejected_rows,
    sum(counted_rows) as counted_rows,
    sum(listed_rows) as listed_rows

from row_counts

group by
    source_name,
    reject_reason

having
    sum(rejected_rows) != sum(counted_rows)
    or sum(rejected_rows) != sum(listed_rows)
