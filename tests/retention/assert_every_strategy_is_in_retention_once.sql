{#-
    Every customer with a value tier on the date of a list of this run is in
    dws_cst_retention; only customers whose newest version is erased may be
    missing, and no others are there. The recommendation is that of the segment,
    else of the value tier, and it is in force unless the row says that the
    cooling-off period runs. Lists that were published follow the rules of then.
-#}
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

    where value_tier is not null

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_list_due or (is_current and not is_published)

),

segments as (

    select * from {{ ref('dim_cst_segment') }}

),

strategies as (

    select * from {{ ref('dim_cst_strategy') }}

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
        segmentation.value_tier,
        retention.recommended_strategy_code,
        retention.strategy_code

    from segmentation

    full outer join retention
        on
            segmentation.customer_id = retention.customer_id
            and segmentation.snapshot_date = retention.snapshot_date

    inner join snapshot_dates
        on
            coalesce(segmentation.snapshot_date, retention.snapshot_date)
            = snapshot_dates.snapshot_date

    left join erased_customers
        on segmentation.customer_id = erased_customers.customer_id

    left join segments
        on segmentation.segment_code = segments.segment_code

    left join strategies
        on segmentation.value_tier = strategies.value_tier

    where
        segmentation.customer_id is null
        or (
            retention.customer_id is null
            and erased_customers.customer_id is null
            -- who is new between two lists waits for the next one
            and snapshot_dates.is_list_due
        )
        or (retention.recommended_strategy_code != retention.strategy_code)
        != retention.is_in_cooling_off
        or coalesce(
            segments.fixed_strategy_code, strategies.strategy_code
        ) != retention.recommended_strategy_code
        or segmentation.segment_code != retention.segment_code
        or segmentation.value_tier != retention.value_tier
        or segmentation.customer_key != retention.customer_key

)

select * from differences
