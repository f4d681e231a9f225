with

second_purchases as (

    select * from {{ ref('int_cst_second_purchases') }}

),

windows as (

    {% for window in retention_windows() -%}
    select {{ window }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

customers_in_windows as (

    select
        cast({{ dbt.date_trunc(
            'month', 'second_purchases.first_purchase_date'
        ) }} as date)
            as cohort_month,
        windows.window_days,
        second_purchases.as_of_date,
        second_purchases.second_purchase_date,
        {{ add_days(
            'second_purchases.first_purchase_date', 'windows.window_days'
        ) }} as window_end_date

    from second_purchases

    cross join windows

),

-- each customer has a window of their own, so part of a young cohort may be
-- mature
cohort_repurchases as (

    select
        cohort_month,
        cast(window_days as integer) as window_days,
        as_of_date,

        {{ add_days('last_day(cohort_month)', 'window_days') }}
        <= as_of_date as is_mature,

        count(*) as customer_count,
        cast(
            sum(case when window_end_date <= as_of_date then 1 else 0 end)
            as bigint
        ) as mature_customer_count,
        cast(
            sum(
                case
                    when
                        window_end_date <= as_of_date
                        and second_purchase_date <= window_end_date
                        then 1
                    else 0
                end
            ) as bigint
        ) as repurchased_customer_count

    from customers_in_windows

    group by
        cohort_month,
        window_days,
        as_of_date

)

select * from cohort_repurchases
