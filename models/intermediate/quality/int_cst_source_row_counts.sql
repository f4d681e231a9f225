{%- set plain_sources = [
    ('customer', 'base_cst__customers'),
    ('event', 'base_log__events'),
    ('campaign', 'base_prm__campaigns'),
] -%}

with

orders as (

    select * from {{ ref('base_trd__orders') }}

),

refunds as (

    select * from {{ ref('base_trd__refunds') }}

),

tickets as (

    select * from {{ ref('base_svc__tickets') }}

),

touches as (

    select * from {{ ref('base_prm__touches') }}

),

accepted_orders as (

    select * from {{ ref('stg_trd__orders') }}

),

refunds_posted as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

accepted_campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

unregistered_customers as (

    select * from {{ ref('int_cst_unregistered_customers') }}

),

-- accepted rows can still be worth a remark: nothing is lost, but look at it
remarked_rows as (

    select
        'order' as source_name,
        orders.row_status,
        case
            when orders.row_status = 'rejected' then orders.reject_reason
            when orders.row_status = 'superseded' then null
            when unregistered_customers.customer_id is not null
                then 'customer_not_registered'
        end as reason_code

    from orders

    left join unregistered_customers
        on orders.customer_id = unregistered_customers.customer_id

    union all

    select
        'refund' as source_name,
        refunds.row_status,
        case
            when refunds.row_status = 'rejected' then refunds.reject_reason
            when refunds.row_status = 'superseded' then null
            when accepted_orders.order_id is null then 'order_unknown'
            when refunds_posted.refund_id is null then 'order_not_a_purchase'
            when refunds_posted.excess_amount > 0 then 'refund_above_order'
        end as reason_code

    from refunds

    left join accepted_orders
        on refunds.order_id = accepted_orders.order_id

    left join refunds_posted
        on refunds.refund_id = refunds_posted.refund_id

    union all

    select
        'ticket' as source_name,
        tickets.row_status,
        case
            when tickets.row_status = 'rejected' then tickets.reject_reason
            when tickets.row_status = 'superseded' then null
            when unregistered_customers.customer_id is not null
                then 'customer_not_registered'
        end as reason_code

    from tickets

    left join unregistered_customers
        on tickets.customer_id = unregistered_customers.customer_id

    union all

    select
        'touch' as source_name,
        touches.row_status,
        case
            when touches.row_status = 'rejected' then touches.reject_reason
            when touches.row_status = 'superseded' then null
            when accepted_campaigns.campaign_id is null then 'campaign_unknown'
            when unregistered_customers.customer_id is not null
                then 'customer_not_registered'
        end as reason_code

    from touches

    left join accepted_campaigns
        on touches.campaign_id = accepted_campaigns.campaign_id

    left join unregistered_customers
        on touches.customer_id = unregistered_customers.customer_id
    {%- for source_name, model in plain_sources %}

    union all

    select
        '{{ source_name }}' as source_name,
        row_status,
        reject_reason as reason_code

    from {{ ref(model) }}
    {%- endfor %}

),

row_counts as (

    select
        source_name,
        row_status,
        reason_code,
        count(*) as row_count

    from remarked_rows

    group by
        source_name,
        row_status,
        reason_code

)

select * from row_counts
