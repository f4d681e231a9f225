with

cuts as (

    select
        cut_code,
        window_days,
        sum(customer_count) as customer_count,
        sum(mature_customer_count) as mature_customer_count,
        sum(repurchased_customer_count) as repurchased_customer_count

    from {{ ref('ads_cst_first_purchase') }}

    group by
        cut_code,
        window_days

),

totals as (

    select * from {{ ref('ads_cst_repurchase') }}

    where
        measure_code = 'after_first'
        and cut_code = 'total'

)

select
    totals.window_days,
    cuts.cut_code,
    totals.customer_count,
    cuts.customer_count as cut_customer_count

from totals

left join cuts
    on totals.window_days = cuts.window_days

where
    cuts.cut_code is null
    or totals.customer_count != cuts.customer_count
    or coalesce(totals.denominator_count, 0) != cuts.mature_customer_count
    or coalesce(totals.numerator_count, 0) != cuts.repurchased_customer_count
