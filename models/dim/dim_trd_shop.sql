with

orders as (

    select
        *,
        row_number() over (
            partition by shop_id
            order by
                shop_name is null,
                ordered_at desc,
                order_id desc
        ) as order_rank

    from {{ ref('stg_trd__orders') }}

    where shop_id is not null

),

shops as (

    select
        shop_id,

        max(case when order_rank = 1 then shop_name end) as shop_name,

        min(ordered_date) as first_ordered_date,
        max(ordered_date) as last_ordered_date

    from orders

    group by shop_id

)

select * from shops
