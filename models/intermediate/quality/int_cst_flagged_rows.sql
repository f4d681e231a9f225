with

customers as (

    select * from {{ ref('stg_cst__customers') }}

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

tickets as (

    select * from {{ ref('stg_svc__tickets') }}

),

touches as (

    select * from {{ ref('stg_prm__touches') }}

),

campaigns as (

    select * from {{ ref('stg_prm__campaigns') }}

),

unregistered_customers as (

    select * from {{ ref('int_cst_unregistered_customers') }}

),

flagged_rows as (

    select
        'customer' as source_name,
        customer_id as source_key,
        split_part(flags, ',', 1) as flag_code

    from customers

    where flags is not null

    union all

    select
        'order' as source_name,
        orders.order_id as source_key,
        case
            when orders.is_cancelled_by_rejected_row
                then 'cancelled_by_rejected_row'
            else 'customer_not_registered'
        end as flag_code

    from orders

    left join unregistered_customers
        on orders.customer_id = unregistered_customers.customer_id

    where
        orders.is_cancelled_by_rejected_row
        or unregistered_customers.customer_id is not null

    union all

    select
        'refund' as source_name,
        refunds.refund_id as source_key,
        case
            when orders.order_id is null then 'order_unknown'
            when refunds_posted.refund_id is null then 'order_not_a_purchase'
            else 'refund_above_order'
        end as flag_code

    from refunds

    left join orders
        on refunds.order_id = orders.order_id

    left join refunds_posted
        on refunds.refund_id = refunds_posted.refund_id

    where
        orders.order_id is null
        or refunds_posted.refund_id is null
        or refunds_posted.excess_amount > 0

    union all

    select
        'ticket' as source_name,
        tickets.ticket_id as source_key,
        'customer_not_registered' as flag_code

    from tickets

    inner join unregistered_customers
        on tickets.customer_id = unregistered_customers.customer_id

    union all

    select
        'touch' as source_name,
        touches.touch_id as source_key,
        case
            when campaigns.campaign_id is null then 'campaign_unknown'
            else 'customer_not_registered'
        end as flag_code

    from touches

    left join campaigns
        on touches.campaign_id = campaigns.campaign_id

    left join unregistered_customers
        on touches.customer_id = unregistered_customers.customer_id

    where
        campaigns.campaign_id is null
        or unregistered_customers.customer_id is not null

)

select * from flagged_rows
