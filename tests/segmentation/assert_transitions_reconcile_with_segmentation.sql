with

segmentation as (

    select
        snapshot_date,
        segment_code,
        count(*) as customer_count,
        sum(monetary_amount) as monetary_amount

    from {{ ref('dws_cst_segmentation') }}

    group by
        snapshot_date,
        segment_code

),

migration as (

    select
        snapshot_date,
        segment_code,
        sum(customer_count) as customer_count,
        sum(monetary_amount) as monetary_amount

    from {{ ref('ads_cst_segment_transition') }}

    group by
        snapshot_date,
        segment_code

)

select
    coalesce(segmentation.snapshot_date, migration.snapshot_date)
        as snapshot_date,
    coalesce(segmentation.segment_code, migration.segment_code)
        as segment_code,
    segmentation.customer_count,
    migration.customer_count as migrated_customer_count

from segmentation

full outer join migration
    on
        segmentation.snapshot_date = migration.snapshot_date
        and segmentation.segment_code = migration.segment_code

where
    segmentation.segment_code is null
    or migration.segment_code is null
    or segmentation.customer_count != migration.customer_count
    or segmentation.monetary_amount != migration.monetary_amount
