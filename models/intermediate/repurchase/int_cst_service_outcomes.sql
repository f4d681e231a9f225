{%- set windows = retention_contract_windows() -%}
{%- set active_days = cst_var('cst_active_days') -%}

with

service_events as (

    select * from {{ ref('int_cst_service_events') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

as_of as (

    select max(last_snapshot_date) as as_of_date

    from {{ ref('int_cst_snapshot_dates') }}

),

purchases_around as (

    select
        service_events.customer_id,
        service_events.snapshot_date,
        service_events.service_level,
        service_events.index_date,
        {{ days_between('service_events.snapshot_date', 'as_of.as_of_date') }}
            as days_since_period,
        {{ days_between(
            'service_events.index_date', 'purchases.purchase_date'
        ) }} as purchase_day,
        {{ days_between(
            'service_events.index_date', 'purchases.fully_refunded_date'
        ) }} as refund_day

    from service_events

    cross join as_of

    left join purchases
        on
            service_events.customer_id = purchases.customer_id
            and {{ add_days('service_events.index_date', -active_days) }}
            <= purchases.purchase_date
            and {{ add_days('service_events.index_date', windows | max) }}
            >= purchases.purchase_date

),

service_outcomes as (

    select
        customer_id,
        snapshot_date,
        service_level,
        index_date,
        {% for window in windows -%}
        days_since_period >= {{ window }} as is_mature_{{ window }}d,
        case
            when index_date is not null and days_since_period >= {{ window }}
                then coalesce(bool_or(
                    purchase_day between 1 and {{ window }}
                    and coalesce(refund_day > {{ window }}, true)
                ), false)
        end as is_repurchased_within_{{ window }}d,
        {% endfor -%}
        case
            when index_date is not null
                then coalesce(bool_or(
                    purchase_day <= 0 and coalesce(refund_day > 0, true)
                ), false)
        end as is_active

    from purchases_around

    group by
        customer_id,
        snapshot_date,
        service_level,
        index_date,
        days_since_period

)

select * from service_outcomes
