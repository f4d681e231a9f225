{#-
    The totals of each measure, counted again in its source: assignments, each
    order against each later order of its customer, and buyers of a snapshot.
-#}
{%- set rfm_window_days = cst_var('rfm_window_days') -%}

with

totals as (

    select * from {{ ref('ads_cst_repurchase') }}

    where cut_code = 'total'

),

retention as (

    select * from {{ ref('dws_cst_retention') }}

    where value_tier is not null

),

segmentation as (

    select * from {{ ref('dws_cst_segmentation') }}

),

newest_snapshot as (

    select max(snapshot_date) as as_of_date from segmentation

),

first_orders as (

    select min(first_order_date) as first_order_date

    from segmentation

    where first_order_date >= (
        select min(orders.purchase_date)
        from {{ ref('stg_trd__orders') }} as orders
        where not orders.is_dated_early
    )

),

full_refunds as (

    select * from {{ ref('int_cst_refunds_posted') }}

    where is_full_refund

),

standing_purchases as (

    select
        purchases.order_id,
        purchases.customer_id,
        purchases.purchase_date,
        newest_snapshot.as_of_date

    from {{ ref('int_cst_purchases') }} as purchases

    cross join newest_snapshot

    left join full_refunds
        on
            purchases.order_id = full_refunds.order_id
            and newest_snapshot.as_of_date >= full_refunds.posted_date

    where
        purchases.purchase_date <= newest_snapshot.as_of_date
        and full_refunds.order_id is null

),

days_to_next as (

    select
        earlier.customer_id,
        earlier.purchase_date,
        earlier.as_of_date,
        {{ days_between('earlier.purchase_date', 'earlier.as_of_date') }}
            as days_back,
        min({{ days_between('earlier.purchase_date', 'later.purchase_date') }})
            as days_to_next

    from standing_purchases as earlier

    left join standing_purchases as later
        on
            earlier.customer_id = later.customer_id
            and earlier.purchase_date < later.purchase_date

    group by
        earlier.customer_id,
        earlier.purchase_date,
        earlier.as_of_date

),

-- the first purchase is the one that lies back farthest
from_first_purchase as (

    select
        customer_id,
        max(days_back) as days_back

    from days_to_next

    group by customer_id

),

first_to_next as (

    select
        days_to_next.as_of_date,
        days_to_next.days_back,
        days_to_next.days_to_next

    from from_first_purchase

    inner join days_to_next
        on
            from_first_purchase.customer_id = days_to_next.customer_id
            and from_first_purchase.days_back = days_to_next.days_back

),

expected as (

    {% for window in retention_windows() -%}
    select
        'assigned' as measure_code,
        snapshot_date,
        {{ window }} as window_days,
        count(*) as denominator_count,
        sum(case when is_repurchased_within_{{ window }}d then 1 else 0 end)
            as numerator_count

    from retention

    where is_mature_{{ window }}d

    group by snapshot_date

    union all

    select
        'after_first' as measure_code,
        as_of_date as snapshot_date,
        {{ window }} as window_days,
        count(*) as denominator_count,
        sum(case when days_to_next <= {{ window }} then 1 else 0 end)
            as numerator_count

    from first_to_next

    where days_back >= {{ window }}

    group by as_of_date

    union all

    {% endfor -%}
    select
        'in_window' as measure_code,
        segmentation.snapshot_date,
        {{ -1 if rfm_window_days is none else rfm_window_days }} as window_days,
        count(*) as denominator_count,
        sum(case when segmentation.frequency > 1 then 1 else 0 end)
            as numerator_count

    from segmentation

    cross join first_orders

    where
        segmentation.frequency > 0
        {%- if rfm_window_days is not none %}
        and {{ days_between(
            'first_orders.first_order_date', 'segmentation.snapshot_date'
        ) }} + 1 >= {{ rfm_window_days }}
        {%- endif %}

    group by segmentation.snapshot_date

)

select
    coalesce(totals.measure_code, expected.measure_code) as measure_code,
    coalesce(totals.snapshot_date, expected.snapshot_date) as snapshot_date,
    coalesce(totals.window_days, expected.window_days) as window_days,
    totals.denominator_count,
    expected.denominator_count as expected_denominator_count,
    totals.numerator_count,
    expected.numerator_count as expected_numerator_count

from totals

full outer join expected
    on
        totals.measure_code = expected.measure_code
        and totals.snapshot_date = expected.snapshot_date
        and coalesce(totals.window_days, -1) = expected.window_days

where
    coalesce(totals.denominator_count, 0)
    != coalesce(expected.denominator_count, 0)
    or coalesce(totals.numerator_count, 0)
    != coalesce(expected.numerator_count, 0)
    or totals.is_mature != (expected.measure_code is not null)
