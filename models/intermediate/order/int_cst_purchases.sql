{%- set valid_statuses = cst_var('cst_valid_order_statuses') -%}

with

orders as (

    select * from {{ ref('stg_trd__orders') }}

    where
        order_status in (
            {%- for status in valid_statuses %}
            '{{ status | lower | replace("'", "''") }}'
            {{- ',' if not loop.last }}
            {%- endfor %}
        )

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

purchases as (

    select
        orders.order_id,
        orders.campaign_id,
        coalesce(
            merged_customers.surviving_customer_id, orders.customer_id
        ) as customer_id,

        orders.order_channel,

        orders.order_amount,
        orders.discount_amount,

        orders.purchase_date,

        orders.purchased_at

    from orders

    left join merged_customers
        on orders.customer_id = merged_customers.customer_id

)

select * from purchases
