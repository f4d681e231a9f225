-- What the public tables add up to, plus the differences, is what they would
-- add up to by what is known today; columns without a line do not differ.
{%- set tables = [
    'dws_cst_segmentation', 'dws_cst_behavior', 'dws_cst_retention',
    'ads_cst_ltv',
] %}

with

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),

restated_totals as (

    select * from {{ ref('int_cst_restated_totals') }}

),

summary as (

    select
        snapshot_date,
        table_name,
        column_name,
        min(published_total) as published_total,
        max(published_total) as other_published_total,
        sum(difference) as difference

    from {{ ref('ads_cst_restatement_summary') }}

    group by
        snapshot_date,
        table_name,
        column_name

),
{%- for table in tables %}

{{ table }}_totals as (

    select
        closed_snapshots.snapshot_date,
        {{ totals_of(table) }}

    from closed_snapshots

    left join {{ ref(table) }} as {{ table }}
        on closed_snapshots.snapshot_date = {{ table }}.snapshot_date

    group by closed_snapshots.snapshot_date

),
{%- endfor %}

public_totals as (
    {%- for table in tables %}

    select
        snapshot_date,
        '{{ table }}' as table_name,
        {{ totals_unpivoted(table, 'public_total') }}

    from {{ table }}_totals
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

totals as (

    select
        public_totals.snapshot_date,
        public_totals.table_name,
        public_totals.column_name,
        public_totals.public_total,
        summary.published_total,
        summary.other_published_total,
        coalesce(summary.difference, 0) as difference,
        coalesce(restated_totals.restated_total, 0) as restated_total

    from public_totals

    left join restated_totals
        on
            public_totals.snapshot_date = restated_totals.snapshot_date
            and public_totals.table_name = restated_totals.table_name
            and public_totals.column_name = restated_totals.column_name

    left join summary
        on
            public_totals.snapshot_date = summary.snapshot_date
            and public_totals.table_name = summary.table_name
            and public_totals.column_name = summary.column_name

)

select *

from totals

where
    public_total + difference != restated_total
    or coalesce(published_total, public_total) != public_total
    or coalesce(other_published_total, public_total) != public_total
