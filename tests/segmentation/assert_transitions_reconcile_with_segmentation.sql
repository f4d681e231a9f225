with

segmentation as (

    select
        snapshot_date,
        segment_code,
        count(*) as customer_count,
        sum(monetary_amount) as monetary_amount,
        sum(frequency) as order_count,
        sum(case when frequency > 0 then 1 else 0 end) as buyer_count

    from {{ ref('dws_cst_segmentation') }}

    group by
        snapshot_date,
        segment_code

),

transitions as (

    select
        snapshot_date,
        segment_code,
        sum(customer_count) as customer_count,
        sum(monetary_amount) as monetary_amount,
        sum(order_count) as order_count,
        sum(buyer_count) as buyer_count

    from {{ ref('ads_cst_segment_transition') }}

    group by
        snapshot_date,
        segment_code

)

select
    coalesce(segmentation.snapshot_date, transitions.snapshot_date)
        as snapshot_date,
    coalesce(segmentation.segment_code, transitions.segment_code)
        as segment_code,
    segmentation.customer_count,
    transitions.customer_count as transition_customer_count,
    segmentation.monetary_amount,
    transitions.monetary_amount as transition_monetary_amount,
    segmentation.order_count,
    transitions.order_count as transition_order_count,
    segmentation.buyer_count,
    transitions.buyer_count as transition_buyer_count

from segmentation

full outer join transitions
    on
        segmentation.snapshot_date = transitions.snapshot_date
        and segmentation.segment_code = transitions.segment_code

where
    segmentation.segment_code is null
    or transitions.segment_code is null
    or segmentation.customer_count != transitions.customer_count
    or segmentation.monetary_amount != transitions.monetary_amount
    or segmentation.order_count != transitions.order_count
    or segmentation.buyer_count != transitions.buyer_count
