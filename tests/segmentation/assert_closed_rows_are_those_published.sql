{#-
    Row by row and column by column, both ways: what is closed is what was
    published, pointers apart. Without a published file there is nothing closed.
-#}
{%- set tables = {
    'dws_cst_segmentation': '', 'dws_cst_behavior': '', 'ads_cst_ltv': '',
    'ads_cst_ltv_method': none,
} -%}

with

closed_snapshots as (

    select snapshot_date

    from {{ ref('dim_cst_snapshot') }}

    where is_closed

),
{% for table, pointers in tables.items() %}
{{ table }} as (

    select {{ 'built.*' if pointers is none
        else all_but('built', ['customer_key', 'is_current']) }}

    from {{ ref(table) }} as built

    inner join closed_snapshots
        on built.snapshot_date = closed_snapshots.snapshot_date

),

{{ table }}_published as (

    select {{ 'published.*' if pointers is none
        else all_but('published', ['customer_key', 'is_current']) }}

    from {{ source('published', table) }} as published

    inner join closed_snapshots
        on published.snapshot_date = closed_snapshots.snapshot_date

),

{{ table }}_lost as (

    select * from {{ table }}_published

    except all

    select * from {{ table }}

),

{{ table }}_new as (

    select * from {{ table }}

    except all

    select * from {{ table }}_published

),
{% endfor %}
differences as (
    {%- for table in tables %}
    {%- for problem in ['lost', 'new'] %}

    select
        '{{ table }}' as table_name,
        '{{ problem }}' as problem,
        snapshot_date,
        count(*) as row_count

    from {{ table }}_{{ problem }}

    group by snapshot_date

    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from differences
