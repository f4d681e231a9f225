{%- set valid_statuses = cst_var('cst_valid_order_statuses') -%}

with

validated_rows as (

    select * from {{ ref('int_cst_validated_rows') }}

    where row_status = 'accepted'

),

orders as (

    select * from {{ ref('stg_trd__orders') }}

),

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

refunds_posted as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

customer_refunds as (

    select
        refund_id,
        sum(posted_amount) as posted_amount

    from {{ ref('int_cst_customer_refunds') }}

    group by refund_id

),

tickets as (

    select * from {{ ref('stg_svc__tickets') }}

),

contacts_matched as (

    select * from {{ ref('int_cst_contacts_matched') }}

),

touches as (

    select * from {{ ref('stg_prm__touches') }}

),

flagged_items as (

    select * from {{ ref('int_cst_flagged_items') }}

),

unregistered_customers as (

    select * from {{ ref('int_cst_unregistered_customers') }}

),

flags as (

    select
        source_name,
        source_key,
        {{ split_items('flags') }} as flag_code

    from validated_rows

    where flags is not null

    union all

    select
        source_name,
        source_key,
        flag_code

    from flagged_items

    union all

    select
        'order' as source_name,
        order_id as source_key,
        'cancelled_by_rejected_row' as flag_code

    from orders

    where is_cancelled_by_rejected_row

    union all

    select
        'order' as source_name,
        order_id as source_key,
        concat('no_purchase_', order_status) as flag_code

    from orders

    where not {{ is_one_of('order_status', valid_statuses) }}

    union all

    select
        'refund' as source_name,
        refunds.refund_id as source_key,
        case
            when orders.order_id is null and refunds.customer_id is null
                then 'order_unknown'
            when customer_refunds.posted_amount = refunds.refund_amount
                then 'refund_of_customer'
            when orders.order_id is null then 'refund_above_purchases'
            when refunds_posted.refund_id is null then 'order_not_a_purchase'
            else 'refund_above_order'
        end as flag_code

    from refunds

    left join orders
        on refunds.order_id = orders.order_id

    left join refunds_posted
        on refunds.refund_id = refunds_posted.refund_id

    left join customer_refunds
        on refunds.refund_id = customer_refunds.refund_id

    where
        orders.order_id is null
        or refunds_posted.refund_id is null
        or refunds_posted.excess_amount > 0

    union all

    select
        'touch' as source_name,
        touch_id as source_key,
        case
            when episode_status = 'unknown_campaign' then 'campaign_unknown'
            else concat('contact_', episode_status)
        end as flag_code

    from contacts_matched

    where episode_status != 'matched'
    {%- for source_name, rows in [
        ('order', 'orders'), ('ticket', 'tickets'), ('touch', 'touches'),
    ] %}

    union all

    select
        '{{ source_name }}' as source_name,
        {{ rows }}.{{ source_name }}_id as source_key,
        'customer_not_registered' as flag_code

    from {{ rows }}

    inner join unregistered_customers
        on {{ rows }}.customer_id = unregistered_customers.customer_id
    {%- endfor %}

),

flagged_rows as (

    select
        flags.source_name,
        flags.source_key,
        flags.flag_code,

        orders.order_amount

    from flags

    left join orders
        on
            flags.source_name = 'order'
            and flags.source_key = orders.order_id

)

select * from flagged_rows
