with

snapshot_dates as (

    select * from {{ ref('int_cst_snapshot_dates') }}

    where is_current

),

lists_published as (

    select distinct list_date from {{ ref('int_cst_lists_published') }}

),

-- by another grain, what was published may end no period any more
newest_lists as (

    select
        max(snapshot_dates.snapshot_date) as snapshot_date,
        greatest(
            max(snapshot_dates.list_date), max(lists_published.list_date)
        ) as list_date

    from snapshot_dates

    left join lists_published
        on snapshot_dates.snapshot_date >= lists_published.list_date

),

lists_due as (

    select
        snapshot_date,
        list_date,
        true as is_current

    from newest_lists

    union all

    select
        newest_lists.snapshot_date,
        newest_lists.list_date,
        false as is_current

    from newest_lists

    left join lists_published
        on newest_lists.list_date = lists_published.list_date

    where
        newest_lists.list_date is not null
        and lists_published.list_date is null

)

select * from lists_due
