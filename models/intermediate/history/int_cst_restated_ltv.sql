with

ltv_today as (

    select * from {{ ref('int_cst_ltv') }}

),

published as (

    select * from {{ source('published', 'ads_cst_ltv') }}

),

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

corrections as (

    select * from {{ ref('int_cst_customer_corrections') }}

),
{{ differing_rows('ads_cst_ltv', 'ltv_today') }}
-- what others bought decides on the forecast as well
unpivoted as (

    select
        customer_id,
        snapshot_date,
        coalesce(own_cause_code, rules_cause_code, 'others_corrected')
            as cause_code,
        {{ values_unpivoted('ads_cst_ltv') }}

    from differing

),

restated_ltv as (

    select
        customer_id,
        snapshot_date,

        column_name,
        column_group,
        published_value,
        restated_value,
        published_number,
        restated_number,
        cause_code

    from unpivoted

    where published_value is distinct from restated_value

)

select * from restated_ltv
