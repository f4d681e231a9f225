-- Which cohorts of customers send back more than others?
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

first_purchases as (

    select
        customer_id,
        {{ dbt.date_trunc('quarter', 'min(first_order_date)') }}
            as cohort_quarter

    from segmentation

    where first_order_date is not null

    group by customer_id

),

refunds_by_cohort as (

    select
        first_purchases.cohort_quarter,
        count(distinct segmentation.customer_id) as customer_count,
        sum(segmentation.new_refund_amount) as refund_amount,
        sum(
            case
                when segmentation.is_current
                    then segmentation.lifetime_net_amount
                else 0
            end
        ) as net_amount

    from segmentation

    inner join first_purchases
        on segmentation.customer_id = first_purchases.customer_id

    group by first_purchases.cohort_quarter

),

refund_shares as (

    select
        cohort_quarter,
        customer_count,
        refund_amount,
        net_amount,
        cast(refund_amount as double)
        / nullif(cast(net_amount + refund_amount as double), 0) as refund_share

    from refunds_by_cohort

)

select * from refund_shares

order by cohort_quarter
