with

refunds as (

    select
        refunds.order_id,
        count(purchases.order_id) > 0 as is_of_purchase,
        coalesce(max(purchases.order_amount), 0) as order_amount,
        cast(
            round(
                sum({{ unrounded_amount(
                    'refunds.refund_amount', 'orders.exchange_rate'
                ) }}), 2
            ) as decimal(18, 2)
        ) as refund_amount

    from {{ ref('stg_trd__refunds') }} as refunds

    left join {{ ref('stg_trd__orders') }} as orders
        on refunds.order_id = orders.order_id

    left join {{ ref('int_cst_purchases') }} as purchases
        on refunds.order_id = purchases.order_id

    where refunds.order_id is not null

    group by refunds.order_id

),

posted as (

    select
        order_id,
        sum(posted_amount) as posted_amount,
        sum(excess_amount) as excess_amount,
        count(case when is_full_refund then 1 end) as full_refund_count

    from {{ ref('int_cst_refunds_posted') }}

    group by order_id

)

select
    coalesce(refunds.order_id, posted.order_id) as order_id,
    refunds.is_of_purchase,
    refunds.order_amount,
    refunds.refund_amount,
    posted.posted_amount,
    posted.excess_amount,
    posted.full_refund_count

from refunds

full outer join posted
    on refunds.order_id = posted.order_id

where
    refunds.order_id is null
    or refunds.is_of_purchase != (posted.order_id is not null)
    or refunds.refund_amount != posted.posted_amount + posted.excess_amount
    or posted.posted_amount > refunds.order_amount
    or (posted.excess_amount > 0)
    != (refunds.refund_amount > refunds.order_amount)
    or posted.full_refund_count
    != case
        when
            refunds.order_amount > 0
            and refunds.refund_amount >= refunds.order_amount
            then 1
        else 0
    end
