{%- set own_currency = cst_var('cst_currency_code') | upper -%}

with

refunds as (

    select * from {{ ref('base_trd__refunds') }}

    where
        row_status = 'accepted'
        and not {{ is_unpaid_refund('refund_status') }}

),

unconverted_orders as (

    select order_id

    from {{ ref('base_trd__orders') }}

    group by order_id

    having
        max(case when row_status = 'accepted' then 1 else 0 end) = 0
        and max(
            case when currency_code != '{{ own_currency }}' then 1 else 0 end
        ) = 1

),

-- where an order in another currency does not count, its refund waits for it
paid_refunds as (

    select
        refunds.refund_id,
        refunds.order_id,
        refunds.item_id,
        case
            when unconverted_orders.order_id is null then refunds.customer_id
        end as customer_id,

        refunds.refund_reason,

        refunds.refund_amount,

        refunds.refunded_date,

        refunds.refunded_at,
        refunds.updated_at

    from refunds

    left join unconverted_orders
        on refunds.order_id = unconverted_orders.order_id

)

select * from paid_refunds
