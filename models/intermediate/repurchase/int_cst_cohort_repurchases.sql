with

first_purchase_cuts as (

    select * from {{ ref('int_cst_first_purchase_cuts') }}

),

windows as (

    {% for window in retention_windows() -%}
    select {{ window }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

customers_in_windows as (

    select
        first_purchase_cuts.*,
        cast({{ dbt.date_trunc(
            'month', 'first_purchase_cuts.first_purchase_date'
        ) }} as date)
            as cohort_month,
        windows.window_days,
        {{ add_days(
            'first_purchase_cuts.first_purchase_date', 'windows.window_days'
        ) }} as window_end_date

    from first_purchase_cuts

    cross join windows

),

-- each customer has a window of their own, so part of a young cohort may be
-- mature
cohort_repurchases as (

    select
        cut_code,
        cut_value,
        cohort_month,
        cast(window_days as integer) as window_days,
        as_of_date,

        {{ add_days('last_day(cohort_month)', 'window_days') }}
        <= as_of_date as is_mature,

        count(*) as customer_count,
        cast(sum(first_net_amount) as decimal(24, 2)) as first_net_amount,
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
        cut_code,
        cut_value,
        cohort_month,
        window_days,
        as_of_date

)

select * from cohort_repurchases
