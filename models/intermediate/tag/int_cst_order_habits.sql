{#- Hours are counted from that at which the night begins: it may go on after
    midnight. -#}
{%- set from_hour = cst_var('tag_night_from_hour') -%}
{%- set night_hours = (24 + cst_var('tag_night_to_hour') - from_hour) % 24 -%}

with

-- a date without a time stands at the beginning of its day, which is no night
purchases as (

    select
        *,
        purchased_at != {{ day_start_at('purchase_date') }} as has_time,
        ({{ business_hour('purchased_at') }} + {{ 24 - from_hour }}) % 24
            as hours_into_night

    from {{ ref('int_cst_purchases') }}

),

window_days as (
    {{ window_days(cst_var('tag_window_days')) }}
),

order_habits as (

    select
        purchases.customer_id,
        window_days.snapshot_date,

        count(*) as order_count,
        count(
            case when purchases.discount_amount > 0 then 1 end
        ) as discounted_order_count,
        count(case when purchases.has_time then 1 end) as timed_order_count,
        count(
            case
                when
                    purchases.has_time
                    and purchases.hours_into_night < {{ night_hours }}
                    then 1
            end
        ) as night_order_count,

        cast(sum(purchases.order_amount) as decimal(24, 2)) as order_amount,
        cast(
            sum(purchases.discount_amount) as decimal(24, 2)
        ) as discount_amount

    from purchases

    inner join window_days
        on purchases.purchase_date = window_days.business_date

    group by
        purchases.customer_id,
        window_days.snapshot_date

)

select * from order_habits
