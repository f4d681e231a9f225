with

cohorts as (

    select
        cut_code,
        count(*) over () as cut_count,
        sum(new_customer_count) as customer_count,
        sum(order_count) as order_count,
        sum(net_amount) as net_amount

    from {{ ref('int_cst_cohort_months') }}

    group by cut_code

),

segmentation as (

    select
        count(*) as customer_count,
        sum(lifetime_order_count) as order_count,
        sum(lifetime_net_amount) as net_amount

    from {{ ref('dws_cst_segmentation') }}

    where
        is_current
        and last_order_date is not null

)

select
    cohorts.cut_code,
    cohorts.customer_count,
    segmentation.customer_count as segmentation_customer_count,
    cohorts.order_count,
    segmentation.order_count as segmentation_order_count,
    cohorts.net_amount,
    segmentation.net_amount as segmentation_net_amount

from segmentation

-- without a cohort there is nothing to compare, and that is a difference, too
left join cohorts
    on true

where
    coalesce(cohorts.cut_count, 0) != {{ first_purchase_cuts() | length }}
    or coalesce(cohorts.customer_count, 0) != segmentation.customer_count
    or coalesce(cohorts.order_count, 0) != coalesce(segmentation.order_count, 0)
    or coalesce(cohorts.net_amount, 0) != coalesce(segmentation.net_amount, 0)
