with

cohort_repurchases as (

    select * from {{ ref('int_cst_cohort_repurchases') }}

    where cut_code = 'total'

),

window_repurchases as (

    select * from {{ ref('int_cst_window_repurchases') }}

),

repurchase_cells as (

    select
        'after_first' as measure_code,
        as_of_date as snapshot_date,
        true as is_current,
        window_days,
        cohort_month,
        cast(null as string) as segment_code,
        cast(null as string) as strategy_code,
        cast(null as string) as holdout_group,
        is_mature as is_cohort_mature,
        customer_count,
        mature_customer_count as mature_count,
        repurchased_customer_count as repeat_count

    from cohort_repurchases

    union all

    select
        'in_window' as measure_code,
        snapshot_date,
        is_current,
        window_days,
        cohort_month,
        segment_code,
        strategy_code,
        cast(null as string) as holdout_group,
        is_cohort_known as is_cohort_mature,
        customer_count,
        known_customer_count as mature_count,
        repeat_buyer_count as repeat_count

    from window_repurchases

)

select * from repurchase_cells
