with

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_published

),

segments_changed as (

    select
        published.customer_id,
        published.snapshot_date,
        'segment' as problem

    from {{ source('published', 'dws_cst_segmentation') }} as published

    inner join snapshot_dates
        on published.snapshot_date = snapshot_dates.snapshot_date

    inner join segmentation
        on
            published.customer_id = segmentation.customer_id
            and published.snapshot_date = segmentation.snapshot_date

    where
        not snapshot_dates.is_restated
        and (
            published.segment_code != segmentation.segment_code
            or published.lifecycle_stage != segmentation.lifecycle_stage
            or published.movement != segmentation.movement
            or coalesce(published.value_tier, '')
            != coalesce(segmentation.value_tier, '')
            or coalesce(published.rfm_code, '')
            != coalesce(segmentation.rfm_code, '')
        )

),

-- who was merged while a list was open is in no table of customers any more
assignments_changed as (

    select
        published.customer_id,
        published.snapshot_date,
        'assignment' as problem

    from {{ source('published', 'dws_cst_retention') }} as published

    inner join snapshot_dates
        on published.snapshot_date = snapshot_dates.snapshot_date

    inner join segmentation
        on
            published.customer_id = segmentation.customer_id
            and published.snapshot_date = segmentation.snapshot_date

    left join retention
        on
            published.customer_id = retention.customer_id
            and published.snapshot_date = retention.snapshot_date

    where
        retention.customer_id is null
        or published.strategy_code != retention.strategy_code
        or published.segment_code != retention.segment_code
        or published.is_holdout != retention.is_holdout
        or published.is_program_holdout != retention.is_program_holdout
        or published.is_compared != retention.is_compared
        or published.episode_start_date != retention.episode_start_date

)

select * from segments_changed

union all

select * from assignments_changed
