with

chances_tested as (

    select * from {{ ref('int_cst_ltv_chances_tested') }}

),

-- no order among customers with equal chances may decide
chances as (

    select
        snapshot_date,
        horizon_days,
        p_purchase,
        sum(case when is_buyer then 1 else 0 end) as buyer_count,
        sum(case when is_buyer then 0 else 1 end) as other_count

    from chances_tested

    group by
        snapshot_date,
        horizon_days,
        p_purchase

),

positions as (

    select
        *,
        sum(other_count) over (
            partition by snapshot_date, horizon_days
            order by p_purchase
            range between unbounded preceding and current row
        ) as other_count_up_to

    from chances

),

-- of all pairs of one who bought and one who did not
chance_rankings as (

    select
        snapshot_date,
        horizon_days,
        cast(
            sum(buyer_count * (2 * other_count_up_to - other_count)) as double
        ) / nullif(
            cast(2 * sum(buyer_count) * sum(other_count) as double), 0
        ) as auc

    from positions

    group by
        snapshot_date,
        horizon_days

)

select * from chance_rankings
