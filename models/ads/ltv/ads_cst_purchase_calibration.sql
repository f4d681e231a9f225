{%- set columns = [
    'purchase_calibration_key', 'snapshot_date', 'horizon_days',
    'horizon_end_date', 'group_type', 'probability_band', 'probability_from',
    'probability_to', 'ltv_method', 'customer_count', 'mean_p_purchase',
    'buyer_share', 'buyer_share_error', 'expected_buyer_count', 'buyer_count',
    'brier_score', 'auc',
] -%}

with

chance_groups as (

    select * from {{ ref('int_cst_ltv_chance_groups') }}

),

chance_rankings as (

    select * from {{ ref('int_cst_ltv_chance_rankings') }}

),

-- what was tested on a closed snapshot stays as it was published
closed as (

    select * from {{ source('published', 'ads_cst_purchase_calibration') }}

    where snapshot_date in (
        select snapshots.snapshot_date
        from {{ ref('dim_cst_snapshot') }} as snapshots
        where snapshots.is_closed
    )

),

calibration_today as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'chance_groups.snapshot_date', 'chance_groups.horizon_days',
            'group_type', 'band',
        ]) }} as purchase_calibration_key,

        chance_groups.snapshot_date,
        chance_groups.horizon_days,
        {{ add_days(
            'chance_groups.snapshot_date', 'chance_groups.horizon_days'
        ) }} as horizon_end_date,

        chance_groups.group_type,
        case when chance_groups.group_type = 'band' then chance_groups.band end
            as probability_band,
        chance_groups.probability_from,
        chance_groups.probability_to,
        chance_groups.method as ltv_method,

        cast(chance_groups.customer_count as bigint) as customer_count,
        cast(chance_groups.expected_buyer_count as double)
        / chance_groups.customer_count as mean_p_purchase,
        cast(chance_groups.buyer_count as double)
        / chance_groups.customer_count as buyer_share,
        sqrt(cast(chance_groups.variance as double))
        / chance_groups.customer_count as buyer_share_error,
        cast(chance_groups.expected_buyer_count as decimal(24, 2))
            as expected_buyer_count,
        cast(chance_groups.buyer_count as bigint) as buyer_count,
        cast(chance_groups.squared_error as double)
        / chance_groups.customer_count as brier_score,
        case
            when chance_groups.group_type = 'total' then chance_rankings.auc
        end as auc

    from chance_groups

    inner join chance_rankings
        on
            chance_groups.snapshot_date = chance_rankings.snapshot_date
            and chance_groups.horizon_days = chance_rankings.horizon_days

),

purchase_calibration as (

    select {{ columns | join(', ') }} from closed

    union all

    select {{ columns | join(', ') }} from calibration_today

)

select * from purchase_calibration
