{#-
    Who is to have a strategy at a snapshot is in dws_cst_retention; only
    customers whose newest version is erased may be missing, and no others are
    there. The strategy is the wanted one, unless the row says that another is
    kept.
-#}
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where strategy_code is not null

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

erased_customers as (

    select * from {{ ref('dim_cst_customer') }}

    where
        is_current
        and is_deleted

),

differences as (

    select
        coalesce(segmentation.customer_id, retention.customer_id)
            as customer_id,
        coalesce(segmentation.snapshot_date, retention.snapshot_date)
            as snapshot_date,
        segmentation.strategy_code as segmentation_strategy_code,
        retention.strategy_code as retention_strategy_code

    from segmentation

    full outer join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    left join erased_customers
        on segmentation.customer_id = erased_customers.customer_id

    where
        segmentation.customer_id is null
        or (
            retention.customer_id is null
            and erased_customers.customer_id is null
        )
        or (segmentation.strategy_code != retention.strategy_code)
        != retention.is_in_cooling_off
        or segmentation.segment_code != retention.segment_code
        or segmentation.value_tier != retention.value_tier
        or segmentation.customer_key != retention.customer_key

)

select * from differences
