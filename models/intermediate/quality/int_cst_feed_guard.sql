{%- do check_feed(ref('int_cst_feed_checks')) -%}

with

feed_checks as (

    select * from {{ ref('int_cst_feed_checks') }}

),

warnings as (

    select count(*) as warning_count from feed_checks

)

select * from warnings
