with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_predictions as (

    select * from {{ ref('int_cst_ltv_cohort_predictions') }}

),

predictions as (

    select
        customers.customer_id,
        customers.snapshot_date,

        case when cohort_predictions.customer_id is not null then 'cohort' end
            as method,
        case
            when cohort_predictions.customer_id is null
                then 'history_too_short'
        end as method_reason,

        cohort_predictions.expected_amount,
        cohort_predictions.discounted_amount,
        cast(null as double) as p_alive,
        cohort_predictions.expected_purchases,
        cohort_predictions.expected_order_amount

    from customers

    left join cohort_predictions
        on
            customers.customer_id = cohort_predictions.customer_id
            and customers.snapshot_date = cohort_predictions.snapshot_date

)

select * from predictions
