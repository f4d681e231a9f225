with

second_purchases as (

    select * from {{ ref('int_cst_second_purchases') }}

),

first_orders as (

    select * from {{ ref('int_cst_orders_valued') }}

    where order_number = 1

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

customers as (

    select * from {{ ref('int_cst_overview_customers') }}

),

-- strictly before: a level that this purchase or later ones earned would
-- explain them by themselves
versions_before as (

    select
        first_orders.order_id,
        versions.member_level,
        row_number() over (
            partition by first_orders.order_id
            order by versions.updated_at desc
        ) as version_rank

    from first_orders

    inner join versions
        on
            first_orders.customer_id = versions.customer_id
            and first_orders.purchased_at > versions.updated_at

),

first_purchases as (

    select
        second_purchases.customer_id,

        first_orders.order_channel as first_channel,
        first_orders.shop_id as first_shop,
        first_orders.main_category as first_category,
        versions_before.member_level as first_member_level,
        customers.acquisition_channel,

        first_orders.net_amount as first_net_amount,

        second_purchases.first_purchase_date,
        second_purchases.second_purchase_date,
        second_purchases.as_of_date

    from second_purchases

    inner join first_orders
        on second_purchases.customer_id = first_orders.customer_id

    inner join customers
        on second_purchases.customer_id = customers.customer_id

    left join versions_before
        on
            first_orders.order_id = versions_before.order_id
            and versions_before.version_rank = 1

)

select * from first_purchases
