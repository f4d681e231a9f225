{%- set windows = retention_contract_windows() -%}
{%- set active_days = cst_var('lifecycle_active_days') -%}

with

service_events as (

    select * from {{ ref('int_cst_service_events') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

snapshot_bounds as (

    select max(last_snapshot_date) as last_snapshot_date

    from snapshot_dates

),

-- few customers have a ticket, and few of their purchases lie about it
purchases_around as (

    select
        service_events.customer_id,
        service_events.snapshot_date,
        {{ days_between(
            'service_events.index_date', 'purchases.purchase_date'
        ) }} as purchase_day,
        {{ days_between(
            'service_events.index_date', 'purchases.fully_refunded_date'
        ) }} as refund_day

    from service_events

    inner join purchases
        on
            service_events.customer_id = purchases.customer_id
            and {{ add_days('service_events.index_date', -active_days) }}
            <= purchases.purchase_date
            and {{ add_days('service_events.index_date', windows | max) }}
            >= purchases.purchase_date

),

purchases_counted as (

    select
        customer_id,
        snapshot_date,
        {% for window in windows -%}
        bool_or(
            purchase_day between 1 and {{ window }}
            and (refund_day is null or refund_day > {{ window }})
        ) as is_repurchased_within_{{ window }}d,
        {% endfor -%}
        bool_or(
            purchase_day <= 0 and (refund_day is null or refund_day > 0)
        ) as is_active

    from purchases_around

    group by
        customer_id,
        snapshot_date

),

service_outcomes as (

    select
        service_events.customer_id,
        service_events.snapshot_date,
        service_events.service_level,
        service_events.index_date,
        {% for window in windows -%}
        {{ add_days('service_events.snapshot_date', window) }}
        <= snapshot_bounds.last_snapshot_date as is_mature_{{ window }}d,
        case
            when
                service_events.index_date is not null
                and {{ add_days('service_events.snapshot_date', window) }}
                <= snapshot_bounds.last_snapshot_date
                then
                    coalesce(
                        purchases_counted.is_repurchased_within_{{ window }}d, false
                    )
        end as is_repurchased_within_{{ window }}d,
        {% endfor -%}
        case
            when service_events.index_date is not null
                then coalesce(purchases_counted.is_active, false)
        end as is_active

    from service_events

    cross join snapshot_bounds

    left join purchases_counted
        on
            service_events.customer_id = purchases_counted.customer_id
            and service_events.snapshot_date = purchases_counted.snapshot_date

)

select * from service_outcomes
