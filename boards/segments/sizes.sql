with

segments as (

    select
        segment_code,
        count(*) as customer_count,
        sum(monetary_amount) as monetary_amount,
        sum(frequency) as order_count,
        sum(monetary_amount) / nullif(count(*) filter (frequency > 0), 0)
            as net_amount_per_buyer,
        avg(recency_days) as average_recency_days
    from cst_dws.dws_cst_segmentation
    where is_current
    group by segment_code

)

select
    names.segment_name_zh,
    names.segment_name_en,
    segments.customer_count,
    segments.customer_count / sum(segments.customer_count) over ()
        as customer_share,
    segments.order_count,
    segments.monetary_amount,
    segments.monetary_amount
    / nullif(sum(segments.monetary_amount) over (), 0) as monetary_share,
    segments.net_amount_per_buyer,
    segments.average_recency_days,
    names.description_zh,
    names.description_en
from segments
inner join cst_dim.dim_cst_segment as names
    on segments.segment_code = names.segment_code
order by names.segment_rank desc
