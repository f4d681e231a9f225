with

bounds as (

    select
        min(date_day) as first_date,
        max(date_day) as last_date,
        count(*) as date_count

    from {{ ref('dim_date') }}

),

data_bounds as (

    select
        min(first_seen_date) as first_seen_date,
        max(snapshot_date) as newest_snapshot_date

    from {{ ref('int_cst_customers_on_snapshots') }}

)

select
    bounds.first_date,
    bounds.last_date,
    bounds.date_count,
    data_bounds.first_seen_date,
    data_bounds.newest_snapshot_date

from bounds

cross join data_bounds

where
    {{ days_between('bounds.first_date', 'bounds.last_date') }} + 1
    != bounds.date_count
    or extract(month from bounds.first_date) != 1
    or extract(day from bounds.first_date) != 1
    or extract(month from bounds.last_date) != 12
    or extract(day from bounds.last_date) != 31
    or extract(year from bounds.first_date)
    != extract(year from data_bounds.first_seen_date)
    or extract(year from bounds.last_date)
    != extract(year from data_bounds.newest_snapshot_date) + 1
