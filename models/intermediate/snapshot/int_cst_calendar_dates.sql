with

customers_on_snapshots as (

    select * from {{ ref('int_cst_customers_on_snapshots') }}

),

years as (

    select
        cast({{ dbt.date_trunc('year', 'min(first_seen_date)') }} as date)
            as first_date,
        cast({{ dbt.date_trunc('year', 'max(snapshot_date)') }} as date)
            as newest_year_date

    from customers_on_snapshots

),

-- 731 days after a January 1 it is the year after next, leap day or not
bounds as (

    select
        first_date,
        cast({{ dbt.date_trunc(
            'year', add_days('newest_year_date', 731)
        ) }} as date) as end_date

    from years

    -- one row of nulls comes from no data
    where newest_year_date is not null

),

calendar_dates as (

    select
        {{ date_series('first_date', add_days('end_date', -1)) }} as date_day

    from bounds

)

select * from calendar_dates
