with

orders as (

    select * from {{ ref('stg_trd__orders') }}

    where order_channel is not null

),

channels as (

    select
        order_channel,

        min(ordered_date) as first_ordered_date,
        max(ordered_date) as last_ordered_date

    from orders

    group by order_channel

)

select * from channels
