with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

    where last_order_date is not null

),

-- higher is better: recency enters negated
scored_values as (

    select
        snapshot_date,
        customer_id,
        'recency' as measure,
        -recency_days as oriented_value,
        r_score as score

    from segmentation

    union all

    select
        snapshot_date,
        customer_id,
        'frequency' as measure,
        frequency as oriented_value,
        f_score as score

    from segmentation

    union all

    select
        snapshot_date,
        customer_id,
        'monetary' as measure,
        monetary_amount as oriented_value,
        m_score as score

    from segmentation

),

ranked as (

    select
        *,
        lag(score) over (
            partition by snapshot_date, measure
            order by oriented_value, score, customer_id
        ) as score_of_a_worse_value

    from scored_values

)

select * from ranked

where score < score_of_a_worse_value
