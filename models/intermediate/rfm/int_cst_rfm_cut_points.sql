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
            end as decimal(24, 2)
        ) as oriented_value

    from buyers

    cross join measures

    where measures.method in ('quantile', 'ntile')

),

ranked_values as (

    select
        snapshot_date,
        measure,
        method,
        oriented_value,
        sum(count(*)) over (
            partition by snapshot_date, measure
            order by oriented_value
            rows between unbounded preceding and current row
        ) as cumulative_count,
        sum(count(*)) over (partition by snapshot_date, measure) as total_count

    from oriented_values

    group by
        snapshot_date,
        measure,
        method,
        oriented_value

),

-- the worst value that enough customers do not surpass: score / bins of them,
-- or the last in the score's bin, where the first bins hold one customer more
drawn_cut_points as (

    select
        ranked_values.snapshot_date,
        ranked_values.measure,
        scores.number as score,
        ranked_values.method,
        min(ranked_values.oriented_value) as cut_point

    from ranked_values

    inner join scores
        on
            ranked_values.cumulative_count
            >= case ranked_values.method
                when 'quantile'
                    then ranked_values.total_count * scores.number / {{ bins }}
                when 'ntile'
                    then
                        floor(ranked_values.total_count / {{ bins }})
                        * scores.number
                        + least(
                            ranked_values.total_count % {{ bins }},
                            scores.number
                        )
            end

    group by
        ranked_values.snapshot_date,
        ranked_values.measure,
        scores.number,
        ranked_values.method

),

cut_points_from_seed as (

    select
        snapshot_dates.snapshot_date,
        measures.measure,
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

),

cut_points as (

    select * from drawn_cut_points

    union all

    select * from cut_points_from_seed

)

select * from cut_points
