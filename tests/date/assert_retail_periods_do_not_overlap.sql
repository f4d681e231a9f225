with

retail_periods as (

    select * from {{ ref('cst_retail_periods') }}

),

beside_the_next as (

    select
        retail_period_code,
        first_date,
        last_date,
        lead(first_date) over (
            order by first_date asc, last_date asc
        ) as next_first_date

    from retail_periods

)

select * from beside_the_next

where next_first_date <= last_date
