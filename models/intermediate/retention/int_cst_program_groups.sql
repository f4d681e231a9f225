with

periods as (

    select * from {{ ref('int_cst_customer_periods') }}

),

published as (

    select * from {{ source('published', 'dim_cst_customer') }}

    where is_current

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

erasures as (

    select * from {{ ref('base_cst__erasures') }}

),

customers as (

    select distinct customer_id from periods

),

-- for good: another salt or share draws those who come after it
program_groups as (

    select
        customers.customer_id,
        coalesce(
            published.is_program_holdout,
            {{ is_program_holdout('customers.customer_id') }}
        ) as is_program_holdout,
        snapshot_dates.holdout_since_date,
        erasures.erased_at

    from customers

    left join snapshot_dates
        on snapshot_dates.is_current

    left join published
        on
            customers.customer_id = published.customer_id
            and not published.is_merged

    left join erasures
        on customers.customer_id = erasures.customer_id

)

select * from program_groups
