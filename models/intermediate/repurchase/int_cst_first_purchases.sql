with

second_purchases as (

    select * from {{ ref('int_cst_second_purchases') }}

),

first_orders as (

    select * from {{ ref('int_cst_orders_valued') }}

    where order_number = 1

),

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

),

versions as (

    select * from {{ ref('stg_cst__customer_versions') }}

),

-- a level that later purchases earned would explain them by themselves
first_purchases as (

    select
        second_purchases.customer_id,

        first_orders.order_channel as first_channel,
        first_orders.shop_id as first_shop,
        first_orders.main_category as first_category,
        versions.member_level as first_member_level,
        versions.acquisition_channel,

        first_orders.net_amount as first_net_amount,

        second_purchases.first_purchase_date,
        second_purchases.second_purchase_date,
        second_purchases.as_of_date

    from second_purchases

    inner join first_orders
        on second_purchases.customer_id = first_orders.customer_id

    left join periods
        on
            second_purchases.customer_id = periods.customer_id
            and first_orders.purchased_at >= periods.valid_from_at
            and first_orders.purchased_at < periods.valid_to_at

    left join versions
        on
            periods.customer_id = versions.customer_id
            and periods.updated_at = versions.updated_at

)

select * from first_purchases
