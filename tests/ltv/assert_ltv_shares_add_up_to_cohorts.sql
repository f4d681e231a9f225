-- What the customers of a cohort are expected to bring adds up to what the
-- cohort is, but for half a cent of rounding each. A cohort whose purchases
-- were all refunded in full has no customers left, and nothing to share.
with

cohort_forecasts as (

    select * from {{ ref('int_cst_ltv_cohort_forecasts') }}

    where snapshot_date in (
        select snapshots_due.snapshot_date
        from {{ ref('int_cst_snapshots_due') }} as snapshots_due
        where snapshots_due.is_needed
    )

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

cohorts as (

    select
        snapshot_date,
        acquisition_month,
        sum(expected_amount) as expected_amount,
        sum(discounted_amount) as discounted_amount

    from cohort_forecasts

    group by
        snapshot_date,
        acquisition_month

),

customers as (

    select
        snapshot_date,
        acquisition_month,
        sum(expected_amount) as expected_amount,
        sum(discounted_amount) as discounted_amount,
        count(*) as customer_count

    from cohort_predictions

    group by
        snapshot_date,
        acquisition_month

),

differences as (

    select
        cohorts.snapshot_date,
        cohorts.acquisition_month,
        cohorts.expected_amount as cohort_expected_amount,
        customers.expected_amount as customers_expected_amount,
        cohorts.discounted_amount as cohort_discounted_amount,
        customers.discounted_amount as customers_discounted_amount

    from cohorts

    left join customers
        on
            cohorts.snapshot_date = customers.snapshot_date
            and cohorts.acquisition_month = customers.acquisition_month

    where
        abs(cohorts.expected_amount - coalesce(customers.expected_amount, 0))
        > 0.005 * coalesce(customers.customer_count, 0)
        or abs(
            cohorts.discounted_amount
            - coalesce(customers.discounted_amount, 0)
        ) > 0.005 * coalesce(customers.customer_count, 0)

)

select * from differences
