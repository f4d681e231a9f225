-- Every customer of every snapshot has a lifetime value row, and its historic
-- part is the margin on the net amount, to the cent.
with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

),

ltv as (

    select * from {{ ref('int_cst_ltv') }}

),

differences as (

    select
        coalesce(segmentation.customer_id, ltv.customer_id) as customer_id,
        coalesce(segmentation.snapshot_date, ltv.snapshot_date)
            as snapshot_date,
        segmentation.lifetime_net_amount,
        ltv.historic_ltv_amount

    from segmentation

    full outer join ltv
        on
            segmentation.customer_id = ltv.customer_id
            and segmentation.snapshot_date = ltv.snapshot_date

    where
        segmentation.customer_id is null
        or ltv.customer_id is null
        or abs(
            ltv.historic_ltv_amount
            - segmentation.lifetime_net_amount
            * {{ cst_var('ltv_margin_rate') or 1.0 }}
        ) > 0.005

)

select * from differences
