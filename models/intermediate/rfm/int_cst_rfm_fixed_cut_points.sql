with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

seed_cut_points as (

    select * from {{ ref('cst_rfm_fixed_cut_points') }}

),

measures as (
    {{ rfm_measures() }}
),

scores as (
    {{ numbers(1, cst_var('rfm_bins') - 1) }}
),

-- higher is better: recency enters negated
fixed_cut_points as (

    select
        snapshot_dates.snapshot_date,
        measures.measure,
        scores.number as score,
        measures.method,
        cast(
            case measures.measure
                when 'recency' then -seed_cut_points.cut_point
                else seed_cut_points.cut_point
            end as decimal(24, 2)
        ) as cut_point

    from snapshot_dates

    cross join measures

    cross join scores

    left join seed_cut_points
        on
            measures.measure = seed_cut_points.measure
            and scores.number = seed_cut_points.score

    where measures.method in ('fixed', 'rhythm')

)

select * from fixed_cut_points
