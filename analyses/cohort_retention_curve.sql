-- What share of a cohort still buys after one, three, six and twelve months?
-- Averages only over cohorts that are old enough.
with

cohort_retention as (

    select * from {{ ref('ads_cst_cohort_retention') }}

    where
        cut_code = 'total'
        and is_mature

),

retention_curve as (

    select
        months_since_first,
        count(*) as cohort_count,
        sum(cohort_customer_count) as customer_count,
        sum(retained_customer_count) as retained_customer_count,
        cast(sum(retained_customer_count) as double)
        / sum(cohort_customer_count) as retention_share

    from cohort_retention

    where months_since_first in (1, 3, 6, 12)

    group by months_since_first

)

select * from retention_curve

order by months_since_first
