{%- set bins = cst_var('rfm_bins') -%}

with

-- customers who bought in the window draw the cut points
buyers as (

    select * from {{ ref('int_cst_rfm_values') }}

    where frequency > 0 and is_needed

),

rhythm as (

    select * from {{ ref('int_cst_rfm_rhythm') }}

),

fixed_cut_points as (

    select * from {{ ref('int_cst_rfm_fixed_cut_points') }}

    where method = 'fixed'

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

counted_values as (

    select
        snapshot_date,
        measure,
        method,
        oriented_value,
        count(*) as value_count,
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

-- how many customers a value surpasses, twice, as half of a tie counts; but
-- one purchase surpasses nobody, and the best of several values surpasses all
ranked_values as (

    select
        *,
        case
            when method = 'ntile' or measure = 'frequency'
                then 2 * (cumulative_count - value_count)
            when cumulative_count = total_count and value_count < total_count
                then 2 * total_count
            else 2 * cumulative_count - value_count
        end as doubled_rank

    from counted_values

),

-- the best value that surpasses too few for a better score: less than score /
-- bins of them, or than the bins up to it hold, the first ones one more; where
-- there is none, the cut point is just below the worst value
drawn_cut_points as (

    select
        ranked_values.snapshot_date,
        ranked_values.measure,
        scores.number as score,
        ranked_values.method,
        cast(coalesce(
            max(ranked_values.oriented_value) filter (
                where ranked_values.doubled_rank < 2 * case
                    when ranked_values.method = 'quantile'
                        then
                            ranked_values.total_count * scores.number
                            / {{ bins }}
                    else
                        floor(ranked_values.total_count / {{ bins }})
                        * scores.number
                        + least(
                            ranked_values.total_count % {{ bins }},
                            scores.number
                        )
                end
            ),
            min(ranked_values.oriented_value)
            - case ranked_values.measure when 'recency' then 1 else 0.01 end
        ) as decimal(24, 2)) as cut_point

    from ranked_values

    cross join scores

    group by
        ranked_values.snapshot_date,
        ranked_values.measure,
        scores.number,
        ranked_values.method

),

cut_points as (

    select * from drawn_cut_points

    union all

    select
        snapshot_date,
        measure,
        score,
        method,
        cut_point

    from fixed_cut_points

    where cut_point is not null

    union all

    select
        snapshot_date,
        measure,
        score,
        method,
        cut_point

    from rhythm

    where cut_point is not null

)

select * from cut_points
