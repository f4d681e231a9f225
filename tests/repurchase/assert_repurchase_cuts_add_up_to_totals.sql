{#-
    The values of each cut add up to the total: customers always, numerator and
    denominator wherever all of the values are known. The cohorts are as many
    customers as in ads_cst_cohort_retention.
-#}
with

repurchase as (

    select * from {{ ref('ads_cst_repurchase') }}

),

cohort_retention as (

    select * from {{ ref('ads_cst_cohort_retention') }}

    where
        months_since_first = 0
        and cut_code = 'total'

),

entries as (

    select
        snapshot_date,
        case when is_holdout then 'holdout' else 'treated' end as holdout_group,
        count(*) as customer_count

    from {{ ref('dws_cst_retention') }}

    where
        is_compared
        and value_tier is not null

    group by
        snapshot_date,
        is_holdout

),

totals as (

    select * from repurchase

    where cut_code = 'total'

),

cuts as (

    select
        measure_code,
        snapshot_date,
        window_days,
        cut_code,
        bool_and(is_mature) as is_mature,
        sum(customer_count) as customer_count,
        sum(denominator_count) as denominator_count,
        sum(numerator_count) as numerator_count

    from repurchase

    where cut_code not in ('total', 'holdout')

    group by
        measure_code,
        snapshot_date,
        window_days,
        cut_code

),

differences as (

    select
        cuts.measure_code,
        cuts.snapshot_date,
        cuts.window_days,
        cuts.cut_code,
        cast(null as string) as cut_value,
        cuts.customer_count,
        totals.customer_count as expected_customer_count,
        cuts.denominator_count,
        totals.denominator_count as expected_denominator_count,
        cuts.numerator_count,
        totals.numerator_count as expected_numerator_count

    from cuts

    left join totals
        on
            cuts.measure_code = totals.measure_code
            and cuts.snapshot_date = totals.snapshot_date
            and coalesce(cuts.window_days, 0) = coalesce(totals.window_days, 0)

    where
        totals.measure_code is null
        or cuts.customer_count != totals.customer_count
        or (
            cuts.is_mature
            and (
                cuts.denominator_count != totals.denominator_count
                or cuts.numerator_count != totals.numerator_count
            )
        )
        -- parts that are known are no more than the whole
        or cuts.numerator_count > totals.numerator_count

    union all

    select
        repurchase.measure_code,
        repurchase.snapshot_date,
        repurchase.window_days,
        repurchase.cut_code,
        repurchase.cut_value,
        repurchase.customer_count,
        cohort_retention.cohort_customer_count as expected_customer_count,
        repurchase.denominator_count,
        cast(null as bigint) as expected_denominator_count,
        repurchase.numerator_count,
        cast(null as bigint) as expected_numerator_count

    from repurchase

    left join cohort_retention
        on
            repurchase.cut_value
            = substr(cast(cohort_retention.cohort_month as string), 1, 7)

    where
        repurchase.measure_code = 'after_first'
        and repurchase.cut_code = 'cohort'
        and repurchase.customer_count
        != coalesce(cohort_retention.cohort_customer_count, 0)

    union all

    select
        repurchase.measure_code,
        repurchase.snapshot_date,
        repurchase.window_days,
        repurchase.cut_code,
        repurchase.cut_value,
        repurchase.customer_count,
        entries.customer_count as expected_customer_count,
        repurchase.denominator_count,
        cast(null as bigint) as expected_denominator_count,
        repurchase.numerator_count,
        cast(null as bigint) as expected_numerator_count

    from repurchase

    left join entries
        on
            repurchase.snapshot_date = entries.snapshot_date
            and repurchase.cut_value = entries.holdout_group

    where
        repurchase.cut_code = 'holdout'
        and repurchase.customer_count != coalesce(entries.customer_count, 0)

)

select * from differences
