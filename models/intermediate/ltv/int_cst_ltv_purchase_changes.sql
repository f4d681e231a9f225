with

purchase_days as (

    select * from {{ ref('int_cst_purchase_days') }}

),

snapshot_bounds as (

    select
        min(first_snapshot_date) as first_snapshot_date,
        max(last_snapshot_date) as last_snapshot_date

    from {{ ref('int_cst_snapshot_dates') }}

),

dated_changes as (

    select
        customer_id,
        purchase_date as change_date,
        1 as purchase_change

    from purchase_days

    union all

    select
        customer_id,
        fully_refunded_date as change_date,
        -1 as purchase_change

    from purchase_days

    where fully_refunded_date is not null

),

purchase_changes as (

    select
        dated_changes.customer_id,
        {{ snapshot_on_or_after(
            'dated_changes.change_date', 'snapshot_bounds'
        ) }} as snapshot_date,

        sum(dated_changes.purchase_change) as purchase_change

    from dated_changes

    inner join snapshot_bounds
        on dated_changes.change_date <= snapshot_bounds.last_snapshot_date

    group by
        dated_changes.customer_id,
        {{ snapshot_on_or_after(
            'dated_changes.change_date', 'snapshot_bounds'
        ) }}

)

select * from purchase_changes
