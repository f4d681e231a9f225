{#- Only what adds up over a snapshot has a total. -#}
{%- set models = {
    'dws_cst_segmentation': 'int_cst_segmentation',
    'dws_cst_behavior': 'int_cst_behavior',
    'dws_cst_retention': 'int_cst_retention',
    'ads_cst_ltv': 'int_cst_ltv',
} -%}

with

closed_snapshots as (

    select * from {{ ref('int_cst_closed_snapshots') }}

),
{%- for table, model in models.items() %}

{{ table }} as (

    select * from {{ ref(model) }}

),

{{ table }}_totals as (

    select
        closed_snapshots.snapshot_date,
        {{ totals_of(table) }}

    from closed_snapshots

    left join {{ table }}
        on closed_snapshots.snapshot_date = {{ table }}.snapshot_date

    group by closed_snapshots.snapshot_date

),
{%- endfor %}

restated_totals as (
    {%- for table in models %}

    select
        snapshot_date,
        '{{ table }}' as table_name,
        {{ totals_unpivoted(table, 'restated_total') }}

    from {{ table }}_totals
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from restated_totals
