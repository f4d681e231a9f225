-- What are the three repurchase rates, beside each other, each on the newest
-- snapshot that knows it? They differ because they ask different questions.
with

repurchase as (

    select * from {{ ref('ads_cst_repurchase') }}

    where
        cut_code = 'total'
        and is_mature

),

newest as (

    select
        measure_code,
        window_days,
        max(snapshot_date) as snapshot_date

    from repurchase

    group by
        measure_code,
        window_days

),

rates as (

    select
        repurchase.measure_code,
        repurchase.measure_name_zh,
        repurchase.measure_name_en,
        repurchase.measure_formula_en,
        repurchase.window_days,
        repurchase.snapshot_date,
        repurchase.numerator_count,
        repurchase.denominator_count,
        repurchase.repurchase_rate

    from repurchase

    inner join newest
        on
            repurchase.measure_code = newest.measure_code
            and repurchase.snapshot_date = newest.snapshot_date
            and coalesce(repurchase.window_days, 0)
            = coalesce(newest.window_days, 0)

)

select * from rates

order by
    measure_code,
    window_days
