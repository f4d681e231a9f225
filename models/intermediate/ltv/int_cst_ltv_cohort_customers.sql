with

customers as (

    select * from {{ ref('int_cst_ltv_customers') }}

),

cohort_customers as (

    select
        snapshot_date,
        acquisition_month,

        {{ average_amount('sum(lifetime_net_amount)', 'sum(purchase_count)') }}
            as order_amount,
        case
            when sum(window_net_amount) > 0
                then cast(sum(window_net_amount) * 100 as bigint)
            else count(*)
        end as total_weight,

        sum(window_net_amount) > 0 as is_weighted

    from customers

    group by
        snapshot_date,
        acquisition_month

)

select * from cohort_customers
