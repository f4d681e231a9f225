with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_forecasts as (

    select * from {{ ref('int_cst_ltv_cohort_forecasts') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

-- a period that the next snapshot cuts is due by its share of days
due_forecasts as (

    select
        cohort_forecasts.snapshot_date,
        cohort_forecasts.acquisition_month,
        cohort_forecasts.expected_amount,
        cohort_forecasts.discounted_amount,
        {{ average_amount(
            '(cohort_forecasts.discounted_amount * greatest('
            ~ days_between(
                'cohort_forecasts.period_start_date',
                'least(cohort_forecasts.period_end_date, '
                ~ 'snapshot_dates.next_snapshot_date)'
            ) ~ ' + 1, 0))',
            days_between(
                'cohort_forecasts.period_start_date',
                'cohort_forecasts.period_end_date'
            ) ~ ' + 1'
        ) }} as due_amount,
        snapshot_dates.next_snapshot_date is null as is_newest

    from cohort_forecasts

    inner join snapshot_dates
        on cohort_forecasts.snapshot_date = snapshot_dates.snapshot_date

),

cohort_amounts as (

    select
        snapshot_date,
        acquisition_month,
        sum(expected_amount) as expected_amount,
        sum(discounted_amount) as discounted_amount,
        sum(case when not is_newest then due_amount end) as due_amount

    from due_forecasts

    group by
        snapshot_date,
        acquisition_month

),

cohort_customers as (

    select
        snapshot_date,
        acquisition_month,
        sum(window_net_amount) as window_net_amount,
        {{ average_amount('sum(lifetime_net_amount)', 'sum(purchase_count)') }}
            as order_amount,
        count(*) as customer_count

    from customers

    group by
        snapshot_date,
        acquisition_month

),

-- in whole cents; a cohort without a purchase in the window shares alike
weights as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.acquisition_month,
        case
            when cohort_customers.window_net_amount > 0
                then cast(customers.window_net_amount * 100 as bigint)
            else 1
        end as weight,
        case
            when cohort_customers.window_net_amount > 0
                then cast(cohort_customers.window_net_amount * 100 as bigint)
            else cohort_customers.customer_count
        end as cohort_weight,
        cohort_customers.order_amount

    from customers

    inner join cohort_customers
        on
            customers.snapshot_date = cohort_customers.snapshot_date
            and customers.acquisition_month
            = cohort_customers.acquisition_month

),

-- no cohort amount: no forecast, so nothing to share
shares as (

    select
        weights.customer_id,
        weights.snapshot_date,
        weights.acquisition_month,
        {{ average_amount(
            '(cohort_amounts.expected_amount * weights.weight)',
            'weights.cohort_weight'
        ) }} as expected_amount,
        {{ average_amount(
            '(cohort_amounts.discounted_amount * weights.weight)',
            'weights.cohort_weight'
        ) }} as discounted_amount,
        {{ average_amount(
            '(cohort_amounts.due_amount * weights.weight)',
            'weights.cohort_weight'
        ) }} as due_amount,
        weights.order_amount

    from weights

    inner join cohort_amounts
        on
            weights.snapshot_date = cohort_amounts.snapshot_date
            and weights.acquisition_month = cohort_amounts.acquisition_month

),

predictions as (

    select
        customer_id,
        snapshot_date,
        acquisition_month,

        expected_amount,
        discounted_amount,
        due_amount,
        cast(expected_amount as double)
        / nullif(cast(order_amount as double), 0) as expected_purchase_count,
        order_amount as expected_order_amount

    from shares

)

select * from predictions
