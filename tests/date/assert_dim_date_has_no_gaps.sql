with

bounds as (

    select
        min(date_day) as first_date,
        max(date_day) as last_date,
        count(*) as date_count

    from {{ ref('dim_date') }}

)

select
    first_date,
    last_date,
    date_count

from bounds

where
    {{ days_between('first_date', 'last_date') }} + 1 != date_count
    or extract(month from first_date) != 1
    or extract(day from first_date) != 1
    or extract(month from last_date) != 12
    or extract(day from last_date) != 31
