{#-
    Of all customers ever assigned a strategy, the hash must hold out about the
    share, whatever their segment, and independently of another salt. Each
    statistic is a chi-square of 1 degree of freedom; chance exceeds 30 less
    than three times in a million, in groups of at least 10 expected customers.
    Smaller groups say nothing and are left out.
-#}
{%- set share = cst_var('retention_holdout_share') -%}
{%- set salt = cst_var('retention_salt') -%}

with

retention as (

    select * from {{ ref('dws_cst_retention') }}

),

first_assignments as (

    select
        customer_id,
        min(snapshot_date) as snapshot_date

    from retention

    group by customer_id

),

draws as (

    select
        retention.customer_id,
        retention.segment_code,
        {{ is_held_out('retention.customer_id', salt, share) }}
            as is_held_out,
        {{ is_held_out('retention.customer_id', salt ~ '/2', share) }}
            as is_held_out_by_other_salt

    from retention

    inner join first_assignments
        on
            retention.customer_id = first_assignments.customer_id
            and retention.snapshot_date = first_assignments.snapshot_date

),

groups as (

    select
        'all customers' as group_name,
        count(*) as customer_count,
        sum(cast(is_held_out as integer)) as held_out_count

    from draws

    union all

    select
        concat('segment ', segment_code) as group_name,
        count(*) as customer_count,
        sum(cast(is_held_out as integer)) as held_out_count

    from draws

    group by segment_code

    union all

    select
        concat(
            'other salt ', cast(is_held_out_by_other_salt as string)
        ) as group_name,
        count(*) as customer_count,
        sum(cast(is_held_out as integer)) as held_out_count

    from draws

    group by is_held_out_by_other_salt

),

statistics as (

    select
        group_name,
        customer_count,
        held_out_count,
        customer_count * {{ share }} as expected_count,
        power(held_out_count - customer_count * {{ share }}, 2)
        / nullif(customer_count * {{ share }} * (1 - {{ share }}), 0)
            as chi_square

    from groups

),

unlikely_groups as (

    select * from statistics

    where
        (expected_count >= 10 and chi_square > 30)
        or ({{ share }} = 0 and held_out_count > 0)

)

select * from unlikely_groups
