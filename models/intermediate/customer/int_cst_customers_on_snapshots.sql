with

customers as (

    select * from {{ ref('stg_cst__customers') }}

    -- their orders are credited to the customer they were merged into
    where merged_into_customer_id is null

),

purchases as (

    select * from {{ ref('int_cst_purchases') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

),

appearances as (

    select
        customer_id,
        registered_date as seen_date

    from customers

    union all

    select
        customer_id,
        purchase_date as seen_date

    from purchases

),

customers_seen as (

    select
        customer_id,
        min(seen_date) as first_seen_date

    from appearances

    group by customer_id

),

customers_on_snapshots as (

    select
        customers_seen.customer_id,

        snapshot_dates.snapshot_date,
        snapshot_dates.previous_snapshot_date,
        customers_seen.first_seen_date

    from customers_seen

    inner join snapshot_dates
        on customers_seen.first_seen_date <= snapshot_dates.snapshot_date

)

select * from customers_on_snapshots
