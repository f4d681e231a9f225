-- Who is one order away from a better frequency score, and still active?
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where
        is_current
        and f_gap_count = 1
        and lifecycle_stage in ('new', 'active')

),

customers as (

    select * from {{ ref('dim_cst_customer') }}

),

within_reach as (

    select
        segmentation.customer_id,
        customers.city,
        customers.member_level,
        customers.has_contact_consent,
        segmentation.rfm_code,
        segmentation.segment_code,
        segmentation.average_order_amount,
        segmentation.recency_days

    from segmentation

    inner join customers
        on segmentation.customer_key = customers.customer_key

)

select * from within_reach

order by
    average_order_amount desc,
    customer_id asc
