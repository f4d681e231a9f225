{%- set start_date = cst_var('cst_start_date') -%}
{%- set as_of_date = cst_var('cst_as_of_date') -%}

with

order_dates as (

    select ordered_date as order_date

    from {{ ref('stg_trd__orders') }}

    union distinct

    select purchase_date as order_date

    from {{ ref('stg_trd__orders') }}

),

gaps as (

    select
        order_date,
        lag(order_date) over (order by order_date) as previous_order_date

    from order_dates

    where
        order_date >= coalesce({{ date_literal(start_date) }}, order_date)
        and order_date <= coalesce({{ date_literal(as_of_date) }}, order_date)

)

select
    previous_order_date,
    order_date,
    {{ days_between('previous_order_date', 'order_date') }} as gap_days

from gaps

where {{ days_between('previous_order_date', 'order_date') }} > 366
