with

-- customers without purchases are not scored
customers as (

    select * from {{ ref('int_cst_rfm_values') }}

    where last_order_date is not null and is_due

),

cut_points as (

    select * from {{ ref('int_cst_rfm_cut_points') }}

),

measures as (
    {{ rfm_measures() }}
),

-- higher is better: recency enters negated
oriented_values as (

    select
        customers.snapshot_date,
        customers.previous_snapshot_date,
        measures.measure,
        cast(
            case measures.measure
                when 'recency' then -customers.recency_days
                when 'frequency' then customers.frequency
                when 'monetary' then customers.monetary_amount
            end as decimal(24, 2)
        ) as oriented_value,
        case when customers.frequency > 0 then 1 else 0 end as buyer_count

    from customers

    cross join measures

),

-- equal values get equal scores, so every value is scored once
distinct_values as (

    select
        snapshot_date,
        previous_snapshot_date,
        measure,
        oriented_value,
        cast(sum(buyer_count) as bigint) as buyer_count

    from oriented_values

    group by
        snapshot_date,
        previous_snapshot_date,
        measure,
        oriented_value

),

-- the average of the customers who bought in the window, undivided
compared as (

    select
        snapshot_date,
        previous_snapshot_date,
        measure,
        oriented_value,
        oriented_value * cast(sum(buyer_count) over by_measure as bigint)
        > sum(oriented_value * buyer_count) over by_measure as is_above_average,
        {{ average_amount(
            'sum(oriented_value * buyer_count) over by_measure',
            'sum(buyer_count) over by_measure'
        ) }} as mean_value

    from distinct_values

    window by_measure as (partition by snapshot_date, measure)

),

scores as (

    select
        compared.snapshot_date,
        compared.measure,
        compared.oriented_value,

        cast(1 + count(*) filter (
            where cut_points.cut_point < compared.oriented_value
        ) as integer) as score,
        cast(1 + count(*) filter (
            where previous_cut_points.cut_point < compared.oriented_value
        ) as integer) as score_at_previous_cut_points,

        max(cut_points.cut_point) filter (
            where cut_points.cut_point < compared.oriented_value
        ) as cut_point_below,
        min(cut_points.cut_point) filter (
            where cut_points.cut_point >= compared.oriented_value
        ) as cut_point_above,

        compared.is_above_average,
        compared.mean_value,
        max(cut_points.method) as method

    from compared

    left join cut_points
        on
            compared.snapshot_date = cut_points.snapshot_date
            and compared.measure = cut_points.measure

    left join cut_points as previous_cut_points
        on
            compared.previous_snapshot_date = previous_cut_points.snapshot_date
            and compared.measure = previous_cut_points.measure
            and cut_points.score = previous_cut_points.score

    group by
        compared.snapshot_date,
        compared.measure,
        compared.oriented_value,
        compared.is_above_average,
        compared.mean_value

)

select * from scores
