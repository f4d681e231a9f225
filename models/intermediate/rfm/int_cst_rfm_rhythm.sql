with

weights as (

    select * from {{ ref('int_cst_rfm_gap_weights') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

fixed_cut_points as (

    select * from {{ ref('int_cst_rfm_fixed_cut_points') }}

    where method = 'rhythm'

),

shares as (
    {{ rfm_rhythm_shares() }}
),

gap_lengths as (

    select distinct gap_days from weights

),

-- what enters and leaves; every length has a row on every snapshot
weight_changes as (

    select
        snapshot_date,
        gap_days,
        weight as weight_change

    from weights

    union all

    select
        next_snapshot_date as snapshot_date,
        gap_days,
        -weight as weight_change

    from weights

    where next_snapshot_date is not null

    union all

    select
        snapshot_dates.snapshot_date,
        gap_lengths.gap_days,
        cast(0 as decimal(38, 12)) as weight_change

    from snapshot_dates

    cross join gap_lengths

),

-- running sums give all snapshots in one pass over the changes
weights_on_snapshots as (

    select
        snapshot_date,
        gap_days,
        sum(sum(weight_change)) over (
            partition by gap_days order by snapshot_date
        ) as weight

    from weight_changes

    group by
        snapshot_date,
        gap_days

),

-- three thirds need not add up to one, so what is compared is rounded
cumulated as (

    select
        snapshot_date,
        gap_days,
        round(sum(weight) over (
            partition by snapshot_date order by gap_days
        ), 6) as weight_up_to,
        cast(
            round(sum(weight) over (partition by snapshot_date), 0) as bigint
        ) as customer_count

    from weights_on_snapshots

),

shortest_gaps as (

    select
        cumulated.snapshot_date,
        shares.score,
        cumulated.customer_count,
        min(cumulated.gap_days) as gap_days

    from cumulated

    inner join shares
        on cumulated.weight_up_to >= cumulated.customer_count * shares.share

    where
        cumulated.customer_count >= {{ cst_var('rfm_rhythm_min_customers') }}

    group by
        cumulated.snapshot_date,
        shares.score,
        cumulated.customer_count

),

-- up to the gap the score is better, so the day after it is the cut point
rhythm as (

    select
        fixed_cut_points.snapshot_date,
        fixed_cut_points.measure,
        fixed_cut_points.score,
        case when shortest_gaps.gap_days is null then 'fixed' else 'rhythm' end
            as method,
        cast(
            coalesce(-1 - shortest_gaps.gap_days, fixed_cut_points.cut_point)
            as decimal(24, 2)
        ) as cut_point,
        shortest_gaps.customer_count

    from fixed_cut_points

    left join shortest_gaps
        on
            fixed_cut_points.snapshot_date = shortest_gaps.snapshot_date
            and fixed_cut_points.score = shortest_gaps.score

)

select * from rhythm
