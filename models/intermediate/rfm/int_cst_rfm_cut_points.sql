{%- set bins = cst_var('rfm_bins') -%}

with

-- customers who bought in the window draw the cut points
buyers as (

    select * from {{ ref('int_cst_rfm_values') }}

    where frequency > 0

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

fixed_cut_points as (

    select * from {{ ref('cst_rfm_fixed_cut_points') }}

    where score < {{ bins }}

),

measures as (
    {{ rfm_measures() }}
),

scores as (
    {{ numbers(1, bins - 1) }}
),

-- higher is better: recency enters negated
oriented_values as (

    select
        buyers.snapshot_date,
        measures.measure,
        measures.method,
        cast(
            case measures.measure
                when 'recency' then -buyers.recency_days
                when 'frequency' then buyers.frequency
                when 'monetary' then buyers.monetary_amount
            end as decimal(18, 2)
        ) as oriented_value

    from buyers

    cross join measures

    where measures.method in ('quantile', 'ntile')

),

value_counts as (

    select
        snapshot_date,
        measure,
        method,
        oriented_value,
        count(*) as customer_count

    from oriented_values

    group by
        snapshot_date,
        measure,
        method,
        oriented_value

),

cumulative_counts as (

    select
        snapshot_date,
        measure,
        method,
        oriented_value,
        cast(sum(customer_count) over (
            partition by snapshot_date, measure
            order by oriented_value
            rows between unbounded preceding and current row
        ) as bigint) as cumulative_count,
        cast(sum(customer_count) over (
            partition by snapshot_date, measure
        ) as bigint) as total_count

    from value_counts

),

-- the worst value that enough customers do not surpass: for a quantile their
-- share is score / bins; ntile fills the first bins with one customer more
drawn_cut_points as (

    select
        cumulative_counts.snapshot_date,
        cumulative_counts.measure,
        cumulative_counts.method,
        scores.number as score,
        min(cumulative_counts.oriented_value) as cut_point

    from cumulative_counts

    inner join scores
        on
            (
                cumulative_counts.method = 'quantile'
                and cumulative_counts.cumulative_count * {{ bins }}
                >= cumulative_counts.total_count * scores.number
            )
            or (
                cumulative_counts.method = 'ntile'
                and cumulative_counts.cumulative_count
                >= scores.number
                * floor(cumulative_counts.total_count / {{ bins }})
                + least(
                    scores.number, cumulative_counts.total_count % {{ bins }}
                )
            )

    group by
        cumulative_counts.snapshot_date,
        cumulative_counts.measure,
        cumulative_counts.method,
        scores.number

),

cut_points as (

    select
        snapshot_date,
        measure,
        score,

        method,

        cut_point

    from drawn_cut_points

    union all

    select
        snapshot_dates.snapshot_date,
        fixed_cut_points.measure,
        fixed_cut_points.score,

        measures.method,

        case measures.measure
            when 'recency' then -fixed_cut_points.cut_point
            else fixed_cut_points.cut_point
        end as cut_point

    from fixed_cut_points

    inner join measures
        on
            fixed_cut_points.measure = measures.measure
            and measures.method = 'fixed'

    cross join snapshot_dates

)

select * from cut_points
