-- A list that comes into force names segment, rule, tier and reason. One that
-- was published has its own, and is taken from there.
with

retention as (

    select * from {{ ref('int_cst_retention') }}

),

lists as (

    select * from {{ ref('int_cst_lists') }}

    where published_date is null

)

select
    retention.customer_id,
    retention.snapshot_date,
    retention.segment_code,
    retention.value_tier,
    retention.assignment_reason_en,
    retention.assignment_reason_zh

from retention

inner join lists
    on retention.snapshot_date = lists.snapshot_date

where
    retention.segment_code is null
    or (
        retention.value_tier is null
        and retention.segment_code != 'prospect'
    )
    or retention.strategy_rule_id is null
    or retention.assignment_reason_en is null
    or retention.assignment_reason_zh is null
