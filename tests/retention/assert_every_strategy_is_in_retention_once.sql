{#-
    Every customer whose rule has a strategy on the date of a list of this run is
    in dws_cst_retention; only customers whose newest version is erased may be
    missing, and no others are there. What is recommended is the rule's strategy,
    and it, or what was drawn in its place, is in force unless the row says that
    the cooling-off period runs.
    Lists that were published follow the rules of then.
-#}
with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

strategies_recommended as (

    select * from {{ ref('int_cst_strategies_recommended') }}

    where recommended_strategy_code is not null

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_list_due or (is_current and not is_published)

),

erased_customers as (

    select * from {{ ref('dim_cst_customer') }}

    where
        is_current
        and is_deleted

),

differences as (

    select
        coalesce(strategies_recommended.customer_id, retention.customer_id)
            as customer_id,
        coalesce(strategies_recommended.snapshot_date, retention.snapshot_date)
            as snapshot_date,
        retention.recommended_strategy_code,
        retention.default_strategy_code,
        retention.strategy_code

    from strategies_recommended

    full outer join retention
        on
            strategies_recommended.customer_id = retention.customer_id
            and strategies_recommended.snapshot_date = retention.snapshot_date

    inner join snapshot_dates
        on
            coalesce(
                strategies_recommended.snapshot_date, retention.snapshot_date
            ) = snapshot_dates.snapshot_date

    left join segmentation
        on
            retention.customer_id = segmentation.customer_id
            and retention.snapshot_date = segmentation.snapshot_date

    left join erased_customers
        on strategies_recommended.customer_id = erased_customers.customer_id

    where
        strategies_recommended.customer_id is null
        or (
            retention.customer_id is null
            and erased_customers.customer_id is null
            -- who is new between two lists waits for the next one
            and snapshot_dates.is_list_due
        )
        or (
            retention.recommended_strategy_code
            != retention.default_strategy_code
        )
        != retention.is_in_cooling_off
        or strategies_recommended.recommended_strategy_code
        != retention.recommended_strategy_code
        or strategies_recommended.strategy_rule_id
        != retention.strategy_rule_id
        or (
            retention.customer_id is not null
            and (
                segmentation.customer_id is null
                or segmentation.segment_code != retention.segment_code
                or coalesce(segmentation.value_tier, '')
                != coalesce(retention.value_tier, '')
                or segmentation.customer_key != retention.customer_key
            )
        )

)

select * from differences
