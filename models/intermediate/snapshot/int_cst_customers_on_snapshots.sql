with

customers as (

    select * from {{ ref('stg_cst__customers') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshots_due') }}

),

-- the registration of a merged customer counts for the survivor
appearances as (

    select
        coalesce(
            merged_customers.surviving_customer_id, customers.customer_id
        ) as customer_id,
        customers.registered_date as seen_date

    from customers

    left join merged_customers
        on customers.customer_id = merged_customers.customer_id

    union all

    select
        customer_id,
        purchase_date as seen_date

    from purchases

),

first_appearances as (

    select
        customer_id,
        min(seen_date) as first_seen_date

    from appearances

    group by customer_id

),

customers_on_snapshots as (

    select
        first_appearances.customer_id,
        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        snapshot_dates.is_due,
        snapshot_dates.is_needed,
        first_appearances.first_seen_date

    from first_appearances

    inner join snapshot_dates
        on first_appearances.first_seen_date <= snapshot_dates.snapshot_date

)

select * from customers_on_snapshots
