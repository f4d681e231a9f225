with

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

valid_orders as (

    select
        orders.order_id,
        coalesce(
            merged_customers.surviving_customer_id, orders.customer_id
        ) as customer_id,
        orders.order_amount

    from {{ ref('stg_trd__orders') }} as orders

    left join merged_customers
        on orders.customer_id = merged_customers.customer_id

    where
        orders.customer_id is not null
        and orders.order_status in (
            {%- for status in cst_var('cst_valid_order_statuses') %}
            lower('{{ status | replace("'", "''") }}')
            {{- ',' if not loop.last }}
            {%- endfor %}
        )

),

posted as (

    select
        order_id,
        min(customer_id) as customer_id,
        sum(gross_amount) as gross_amount,
        count(*) as entry_count

    from {{ ref('int_cst_ledger_entries') }}

    where entry_type = 'purchase'

    group by order_id

)

select
    coalesce(valid_orders.order_id, posted.order_id) as order_id,
    valid_orders.customer_id,
    posted.customer_id as posted_customer_id,
    valid_orders.order_amount,
    posted.gross_amount,
    posted.entry_count

from valid_orders

full outer join posted
    on valid_orders.order_id = posted.order_id

where
    valid_orders.order_id is null
    or posted.order_id is null
    or valid_orders.customer_id != posted.customer_id
    or valid_orders.order_amount != posted.gross_amount
    or posted.entry_count != 1
