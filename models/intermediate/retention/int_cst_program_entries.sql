with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_period_end

),

program_groups as (

    select * from {{ ref('int_cst_program_groups') }}

),

-- everybody enters once, at the first period end with a hold-out at which they
-- are known: what the program made of them comes after it
program_entries as (

    select
        customers_on_snapshots.customer_id,
        bool_or(snapshot_dates.is_holdout_in_use) as is_compared,
        bool_or(snapshot_dates.is_holdout_in_use)
        and bool_or(program_groups.is_program_holdout) as is_holdout,
        min(snapshot_dates.snapshot_date) as entry_date

    from customers_on_snapshots

    inner join snapshot_dates
        on customers_on_snapshots.snapshot_date = snapshot_dates.snapshot_date

    inner join program_groups
        on customers_on_snapshots.customer_id = program_groups.customer_id

    where
        snapshot_dates.is_holdout_in_use
        or snapshot_dates.holdout_since_date is null

    group by customers_on_snapshots.customer_id

)

select * from program_entries
