-- The method ntile cuts through ties on purpose, so it is left out.
with

segmentation as (

    select * from {{ ref('int_cst_segmentation') }}

),

scored_values as (

    select
        snapshot_date,
        'recency' as measure,
        recency_days as measure_value,
        r_score as score

    from segmentation

    where '{{ rfm_method_of("recency") }}' != 'ntile'

    union all

    select
        snapshot_date,
        'frequency' as measure,
        frequency as measure_value,
        f_score as score

    from segmentation

    where '{{ rfm_method_of("frequency") }}' != 'ntile'

    union all

    select
        snapshot_date,
        'monetary' as measure,
        monetary_amount as measure_value,
        m_score as score

    from segmentation

    where '{{ rfm_method_of("monetary") }}' != 'ntile'

)

select
    snapshot_date,
    measure,
    measure_value,
    min(score) as lowest_score,
    max(score) as highest_score

from scored_values

group by
    snapshot_date,
    measure,
    measure_value

having min(score) != max(score)
