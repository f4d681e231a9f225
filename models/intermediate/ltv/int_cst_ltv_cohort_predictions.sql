with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_forecasts as (

    select * from {{ ref('int_cst_ltv_cohort_forecasts') }}

),

cohort_amounts as (

    select
        snapshot_date,
        acquisition_month,
        sum(expected_amount) as expected_amount,
        sum(discounted_amount) as discounted_amount,
        sum(due_amount) as due_amount

    from cohort_forecasts

    group by
        snapshot_date,
        acquisition_month

),

cohorts as (

    select
        snapshot_date,
        acquisition_month,
        sum(window_net_amount) > 0 as is_weighted,
        case
            when sum(window_net_amount) > 0
                then cast(sum(window_net_amount) * 100 as bigint)
            else count(*)
        end as total_weight,
        {{ average_amount('sum(lifetime_net_amount)', 'sum(purchase_count)') }}
            as order_amount

    from customers

    group by
        snapshot_date,
        acquisition_month

),

-- a customer's weight is the net amount in the window, in whole cents; in a
-- cohort without any, all customers weigh the same
weights as (

    select
        customers.customer_id,
        customers.snapshot_date,
        customers.acquisition_month,
        case
            when cohorts.is_weighted
                then cast(customers.window_net_amount * 100 as bigint)
            else 1
        end as weight,
        cohorts.total_weight,
        cohorts.order_amount

    from customers

    inner join cohorts
        on
            customers.snapshot_date = cohorts.snapshot_date
            and customers.acquisition_month = cohorts.acquisition_month

),

predictions as (

    select
        weights.customer_id,
        weights.snapshot_date,
        weights.acquisition_month,

        {%- for amount in ['expected', 'discounted', 'due'] %}
        {{ average_amount(
            '(cohort_amounts.' ~ amount ~ '_amount * weights.weight)',
            'weights.total_weight'
        ) }} as {{ amount }}_amount,
        {%- endfor %}
        weights.order_amount as expected_order_amount

    from weights

    inner join cohort_amounts
        on
            weights.snapshot_date = cohort_amounts.snapshot_date
            and weights.acquisition_month = cohort_amounts.acquisition_month

)

select * from predictions
