{#-
    Each rate of ads_cst_service_impact, found the slow way: every day on which
    a ticket was rated or closed is tried as the first of its period, and every
    order of the customer looked at. Over all periods no customer is left out,
    and none counts twice.
-#}
{%- set active_days = cst_var('cst_active_days') -%}

with

service_impact as (

    select * from {{ ref('ads_cst_service_impact') }}

),

service_daily as (

    select * from {{ ref('int_cst_service_daily') }}

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

periods as (

    select
        snapshot_date,
        last_snapshot_date,
        -- all before the first snapshot is its period
        coalesce(
            {{ add_days('previous_snapshot_date', 1) }},
            {{ date_literal('1900-01-01') }}
        ) as first_date

    from {{ ref('int_cst_snapshot_dates') }}

),

purchases as (

    select
        orders.customer_id,
        orders.purchase_date,
        coalesce(
            min(refunds.posted_date), {{ date_literal('9999-12-31') }}
        ) as stands_before_date

    from {{ ref('int_cst_purchases') }} as orders

    left join {{ ref('int_cst_refunds_posted') }} as refunds
        on
            orders.order_id = refunds.order_id
            and refunds.is_full_refund

    group by
        orders.order_id,
        orders.customer_id,
        orders.purchase_date

),

experiences as (

    select
        periods.snapshot_date,
        periods.last_snapshot_date,
        service_daily.customer_id,
        service_daily.known_date as index_date,
        case
            when sum(service_daily.low_csat_count) > 0 then 'low'
            when sum(service_daily.csat_response_count) = 0 then 'unrated'
            when
                cast(sum(service_daily.csat_score_total) as double)
                / nullif(sum(service_daily.csat_response_count), 0)
                < {{ cst_var('service_satisfied_csat_score') }}
                then 'mid'
            else 'high'
        end as service_level

    from service_daily

    inner join periods
        on
            service_daily.known_date >= periods.first_date
            and service_daily.known_date <= periods.snapshot_date

    where
        service_daily.csat_response_count + service_daily.closed_ticket_count
        > 0

    group by
        periods.snapshot_date,
        periods.last_snapshot_date,
        service_daily.customer_id,
        service_daily.known_date

),

first_days as (

    select
        customer_id,
        snapshot_date,
        min(index_date) as index_date

    from experiences

    group by
        customer_id,
        snapshot_date

),

days_with_steps as (

    select
        service_daily.customer_id,
        periods.snapshot_date

    from service_daily

    inner join periods
        on
            service_daily.known_date >= periods.first_date
            and service_daily.known_date <= periods.snapshot_date

    group by
        service_daily.customer_id,
        periods.snapshot_date

),

first_period as (

    select min(snapshot_date) as snapshot_date from days_with_steps

),

starts as (

    select
        experiences.customer_id,
        experiences.snapshot_date,
        experiences.last_snapshot_date,
        experiences.index_date,
        experiences.service_level

    from experiences

    inner join first_days
        on
            experiences.customer_id = first_days.customer_id
            and experiences.index_date = first_days.index_date

    union all

    select
        retention.customer_id,
        retention.snapshot_date,
        periods.last_snapshot_date,
        retention.snapshot_date as index_date,
        'no_ticket' as service_level

    from retention

    inner join periods
        on retention.snapshot_date = periods.snapshot_date

    inner join first_period
        on retention.snapshot_date > first_period.snapshot_date

    left join days_with_steps
        on
            retention.customer_id = days_with_steps.customer_id
            and retention.snapshot_date = days_with_steps.snapshot_date

    where days_with_steps.customer_id is null

),

windows as (

    {% for window in retention_windows() -%}
    select {{ window }} as window_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

customers_counted as (

    select
        starts.customer_id,
        starts.snapshot_date,
        starts.service_level,
        windows.window_days,
        max(
            case
                when
                    purchases.purchase_date > starts.index_date
                    and {{ days_between(
                        'starts.index_date', 'purchases.purchase_date'
                    ) }} <= windows.window_days
                    and {{ days_between(
                        'starts.index_date', 'purchases.stands_before_date'
                    ) }} > windows.window_days
                    then 1
                else 0
            end
        ) as has_bought_again,
        max(
            case
                when
                    purchases.purchase_date <= starts.index_date
                    and purchases.stands_before_date > starts.index_date
                    and {{ days_between(
                        'purchases.purchase_date', 'starts.index_date'
                    ) }} <= {{ active_days }}
                    then 1
                else 0
            end
        ) as was_active

    from starts

    inner join windows
        on
            starts.last_snapshot_date
            >= {{ add_days('starts.snapshot_date', 'windows.window_days') }}

    inner join purchases
        on starts.customer_id = purchases.customer_id

    group by
        starts.customer_id,
        starts.snapshot_date,
        starts.service_level,
        windows.window_days

),

expected_by_period as (

    select
        snapshot_date,
        service_level,
        window_days,
        count(*) as denominator_count,
        sum(has_bought_again) as numerator_count

    from customers_counted

    where was_active = 1

    group by
        snapshot_date,
        service_level,
        window_days

),

-- over all periods: which level is drawn is chance, how many customers is not
expected_of_all as (

    select
        service_level = 'no_ticket' as is_without_ticket,
        window_days,
        count(distinct customer_id) as denominator_count

    from customers_counted

    where was_active = 1

    group by
        service_level = 'no_ticket',
        window_days

),

totals as (

    select
        service_level = 'no_ticket' as is_without_ticket,
        window_days,
        sum(denominator_count) as denominator_count,
        sum(numerator_count) as numerator_count

    from service_impact

    where
        period_code = 'all'
        and is_mature

    group by
        service_level = 'no_ticket',
        window_days

),

mature_periods as (

    select * from service_impact

    where
        period_code = 'snapshot'
        and is_mature

)

select
    coalesce(actual.snapshot_date, expected.snapshot_date) as snapshot_date,
    coalesce(actual.service_level, expected.service_level) as service_level,
    coalesce(actual.window_days, expected.window_days) as window_days,
    actual.denominator_count,
    expected.denominator_count as expected_denominator_count,
    actual.numerator_count,
    expected.numerator_count as expected_numerator_count

from mature_periods as actual

full outer join expected_by_period as expected
    on
        actual.snapshot_date = expected.snapshot_date
        and actual.service_level = expected.service_level
        and actual.window_days = expected.window_days

where
    coalesce(actual.denominator_count, 0)
    != coalesce(expected.denominator_count, 0)
    or actual.numerator_count != expected.numerator_count

union all

select
    cast(null as date) as snapshot_date,
    case
        when coalesce(totals.is_without_ticket, expected.is_without_ticket)
            then 'no_ticket'
        else 'any ticket'
    end as service_level,
    coalesce(totals.window_days, expected.window_days) as window_days,
    totals.denominator_count,
    expected.denominator_count as expected_denominator_count,
    totals.numerator_count,
    cast(null as bigint) as expected_numerator_count

from totals

full outer join expected_of_all as expected
    on
        totals.is_without_ticket = expected.is_without_ticket
        and totals.window_days = expected.window_days

where
    coalesce(totals.denominator_count, 0)
    != coalesce(expected.denominator_count, 0)
