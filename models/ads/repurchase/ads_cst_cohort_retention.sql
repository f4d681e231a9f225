with

cohort_months as (

    select * from {{ ref('int_cst_cohort_months') }}

),

dates as (

    select * from {{ ref('dim_date') }}

    where date_day = month_start_date

),

as_of as (

    select max(snapshot_date) as as_of_date

    from {{ ref('dws_cst_segmentation') }}

    where is_current

),

cohorts as (

    select
        cut_code,
        cut_value,
        cohort_month,
        sum(new_customer_count) as cohort_customer_count

    from cohort_months

    group by
        cut_code,
        cut_value,
        cohort_month

),

-- every month of every cohort up to now, with or without a purchase in it
cohort_grid as (

    select
        cohorts.cut_code,
        cohorts.cut_value,
        cohorts.cohort_month,
        dates.date_day as activity_month,
        cohorts.cohort_customer_count,
        {{ months_between('cohorts.cohort_month', 'dates.date_day') }}
            as months_since_first,
        dates.month_end_date <= as_of.as_of_date as is_mature

    from cohorts

    cross join as_of

    inner join dates
        on
            cohorts.cohort_month <= dates.date_day
            and as_of.as_of_date >= dates.date_day

),

cohort_activity as (

    select
        cohort_grid.cut_code,
        cohort_grid.cut_value,
        cohort_grid.cohort_month,
        cohort_grid.activity_month,
        cohort_grid.months_since_first,
        cohort_grid.cohort_customer_count,
        cohort_grid.is_mature,
        coalesce(cohort_months.retained_customer_count, 0)
            as retained_customer_count,
        coalesce(cohort_months.order_count, 0) as order_count,
        coalesce(cohort_months.net_amount, 0) as net_amount,
        sum(coalesce(cohort_months.net_amount, 0)) over (
            partition by
                cohort_grid.cut_code,
                cohort_grid.cut_value,
                cohort_grid.cohort_month
            order by cohort_grid.activity_month
            rows between unbounded preceding and current row
        ) as cumulative_net_amount

    from cohort_grid

    left join cohort_months
        on
            cohort_grid.cut_code = cohort_months.cut_code
            and cohort_grid.cut_value = cohort_months.cut_value
            and cohort_grid.cohort_month = cohort_months.cohort_month
            and cohort_grid.activity_month = cohort_months.activity_month

),

-- a month that is not over is null, never a low number
cohort_retention as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'cut_code', 'cut_value', 'cohort_month', 'months_since_first'
        ]) }} as cohort_retention_key,
        {{ labeled_code('cut_code', 'first_purchase_cut', 'cut_code') }},
        cut_value,
        cohort_month,
        months_since_first,
        activity_month,

        is_mature,

        cast(cohort_customer_count as bigint) as cohort_customer_count,
        cast(
            case when is_mature then retained_customer_count end as bigint
        ) as retained_customer_count,
        case
            when is_mature
                then
                    cast(retained_customer_count as double)
                    / cohort_customer_count
        end as retention_share,
        cast(case when is_mature then order_count end as bigint)
            as order_count,
        cast(case when is_mature then net_amount end as decimal(24, 2))
            as net_amount,
        cast(
            case when is_mature then cumulative_net_amount end
            as decimal(24, 2)
        ) as cumulative_net_amount,
        case
            when is_mature
                then {{ average_amount(
                    'cumulative_net_amount', 'cohort_customer_count'
                ) }}
        end as cumulative_average_net_amount

    from cohort_activity

)

select * from cohort_retention
