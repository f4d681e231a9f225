with

refunds as (

    select * from {{ ref('stg_trd__refunds') }}

),

-- orders, not purchases: a purchase carries the date of its full refund
orders as (

    select * from {{ ref('stg_trd__orders') }}

    where {{ is_one_of('order_status', cst_var('cst_valid_order_statuses')) }}

),

running_totals as (

    select
        refunds.*,
        orders.order_amount,
        orders.original_order_amount,
        orders.exchange_rate,
        sum(refunds.refund_amount) over (
            partition by refunds.order_id
            order by refunds.refunded_at, refunds.refund_id
        ) as refunded_so_far,
        orders.purchase_date,
        -- money cannot come back before it was paid
        greatest(refunds.refunded_date, orders.purchase_date) as posted_date

    from refunds

    inner join orders
        on refunds.order_id = orders.order_id

),

-- at the rate of the order, so that what comes back in full nets to zero;
-- refunds beyond the order's amount must not make a customer's value negative
capped as (

    select
        {% for name, total in [
            ('so_far', 'refunded_so_far'),
            ('before', '(refunded_so_far - refund_amount)'),
        ] -%}
        {{ converted_amount(total, 'exchange_rate') }} as converted_{{ name }},
        least({{ converted_amount(total, 'exchange_rate') }}, order_amount)
            as posted_{{ name }},
        least({{ total }}, original_order_amount) as original_{{ name }},
        {% endfor -%}
        *

    from running_totals

),

refunds_posted as (

    select
        refund_id,
        order_id,

        cast(posted_so_far - posted_before as decimal(18, 2)) as posted_amount,
        converted_so_far - posted_so_far - converted_before + posted_before
            as excess_amount,
        cast(original_so_far - original_before as decimal(18, 2))
            as original_posted_amount,
        posted_so_far = order_amount and posted_before < order_amount
            as is_full_refund,
        purchase_date,
        posted_date

    from capped

)

select * from refunds_posted
