-- sessions of known customers in 30 days, by what happened in them
with

sessions as (

    select
        sum(session_count_30d) as sessions,
        sum(product_view_session_count_30d) as product_views,
        sum(cart_session_count_30d) as carts,
        sum(order_session_count_30d) as orders
    from cst_dws.dws_cst_behavior
    where is_current

),

steps as (

    select
        1 as step,
        '全部会话' as step_zh,
        'All sessions' as step_en,
        sessions as session_count,
        sessions as all_session_count
    from sessions
    union all
    select 2, '浏览商品', 'Saw a product', product_views, sessions
    from sessions
    union all
    select 3, '加购', 'Put into the cart', carts, sessions
    from sessions
    union all
    select 4, '下单', 'Ordered', orders, sessions
    from sessions

)

select
    step as step_order,
    step_zh,
    step_en,
    session_count,
    session_count / nullif(all_session_count, 0) as session_share
from steps
where session_count is not null
order by step
