with

order_costs as (

    select * from {{ ref('int_cst_order_costs') }}

),

-- what an order earned when it was sold
purchases as (

    select
        purchases.*,
        {{ sale_profit(
            'purchases.order_amount', 'purchases.discount_amount',
            'order_costs.cost_amount',
        ) }} as sale_profit_amount,
        order_costs.order_id is not null as is_cost_known

    from {{ ref('int_cst_purchases') }} as purchases

    left join order_costs
        on purchases.order_id = order_costs.order_id

),

refunds_posted as (

    select * from {{ ref('int_cst_refunds_posted') }}

),

customer_refunds as (

    select * from {{ ref('int_cst_customer_refunds') }}

),

ledger_entries as (

    select
        order_id as ledger_entry_id,
        customer_id,
        order_id,

        'purchase' as entry_type,

        cast(1 as bigint) as order_count,
        order_amount as gross_amount,
        discount_amount,
        cast(0 as decimal(18, 2)) as refund_amount,
        sale_profit_amount as gross_profit_amount,

        purchase_date,
        purchase_date as posted_date

    from purchases

    union all

    -- from the date of its full refund on, an order is no longer a purchase
    select
        refunds_posted.refund_id as ledger_entry_id,
        purchases.customer_id,
        refunds_posted.order_id,

        'refund' as entry_type,

        cast(
            case when refunds_posted.is_full_refund then -1 else 0 end as bigint
        ) as order_count,
        cast(0 as decimal(18, 2)) as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        refunds_posted.posted_amount as refund_amount,
        {{ returned_profit('refunds_posted.posted_amount') }}
            as gross_profit_amount,

        refunds_posted.purchase_date,
        refunds_posted.posted_date

    from refunds_posted

    inner join purchases
        on refunds_posted.order_id = purchases.order_id

    union all

    -- a refund that names no order takes none of them back
    select
        concat(customer_refunds.refund_id, '/', customer_refunds.order_id)
            as ledger_entry_id,
        customer_refunds.customer_id,
        customer_refunds.order_id,

        'refund' as entry_type,

        cast(0 as bigint) as order_count,
        cast(0 as decimal(18, 2)) as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        customer_refunds.posted_amount as refund_amount,
        {{ returned_profit('customer_refunds.posted_amount') }}
            as gross_profit_amount,

        customer_refunds.purchase_date,
        customer_refunds.posted_date

    from customer_refunds

    inner join purchases
        on customer_refunds.order_id = purchases.order_id

)

select * from ledger_entries
