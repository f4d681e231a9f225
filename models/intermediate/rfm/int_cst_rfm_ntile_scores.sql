{%- set bins = cst_var('rfm_bins') -%}

with

-- nobody where no measure is scored by ntile, which then costs nothing
buyers as (

    select * from {{ ref('int_cst_rfm_values') }}

    where
        frequency > 0
        and is_due
        and 'ntile' in (
            '{{ rfm_method_of("recency") }}',
            '{{ rfm_method_of("frequency") }}',
            '{{ rfm_method_of("monetary") }}'
        )

),

-- bins of equal size cut through equal values, by the key
ntile_scores as (

    select
        customer_id,
        snapshot_date,
        case
            when '{{ rfm_method_of("recency") }}' = 'ntile'
                then ntile({{ bins }}) over (
                    partition by snapshot_date
                    order by -recency_days, customer_id
                )
        end as r_score,
        case
            when '{{ rfm_method_of("frequency") }}' = 'ntile'
                then ntile({{ bins }}) over (
                    partition by snapshot_date
                    order by frequency, customer_id
                )
        end as f_score,
        case
            when '{{ rfm_method_of("monetary") }}' = 'ntile'
                then ntile({{ bins }}) over (
                    partition by snapshot_date
                    order by monetary_amount, customer_id
                )
        end as m_score

    from buyers

)

select * from ntile_scores
