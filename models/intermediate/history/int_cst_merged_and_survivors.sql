with

published as (

    select * from {{ source('published', 'dws_cst_segmentation') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

merged_customers as (

    select * from {{ ref('int_cst_merged_customers') }}

),

-- who had a row of their own when it closed was merged since
pairs_merged as (

    select
        published.customer_id,
        published.snapshot_date,
        merged_customers.surviving_customer_id

    from published

    inner join closed_snapshots
        on published.snapshot_date = closed_snapshots.snapshot_date

    inner join merged_customers
        on published.customer_id = merged_customers.customer_id

),

merged_and_survivors as (

    select
        customer_id,
        snapshot_date

    from pairs_merged

    union distinct

    select
        surviving_customer_id as customer_id,
        snapshot_date

    from pairs_merged

)

select * from merged_and_survivors
