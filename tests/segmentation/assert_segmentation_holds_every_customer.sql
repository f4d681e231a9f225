with

customers as (

    select
        coalesce(
            merged_customers.surviving_customer_id, customers.customer_id
        ) as customer_id,
        snapshot_dates.snapshot_date

    from {{ ref('stg_cst__customers') }} as customers

    left join {{ ref('int_cst_merged_customers') }} as merged_customers
        on customers.customer_id = merged_customers.customer_id

    inner join {{ ref('int_cst_snapshots_due') }} as snapshot_dates
        on customers.registered_date <= snapshot_dates.snapshot_date

    where snapshot_dates.is_due

    union distinct

    select
        purchases.customer_id,
        snapshot_dates.snapshot_date

    from {{ ref('int_cst_purchases') }} as purchases

    inner join {{ ref('int_cst_snapshots_due') }} as snapshot_dates
        on purchases.purchase_date <= snapshot_dates.snapshot_date

    where snapshot_dates.is_due

)

select
    coalesce(customers.customer_id, segmentation.customer_id) as customer_id,
    coalesce(customers.snapshot_date, segmentation.snapshot_date)
        as snapshot_date,
    case when customers.customer_id is null then 'too many' else 'lost' end
        as problem

from customers

full outer join {{ ref('int_cst_segmentation') }} as segmentation
    on
        customers.customer_id = segmentation.customer_id
        and customers.snapshot_date = segmentation.snapshot_date

where
    customers.customer_id is null
    or segmentation.customer_id is null
