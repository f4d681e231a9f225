{% macro restated_rows() %}
    {#-
        CTEs that end in `restated`: the differing values of all tables. A model
        of its own would make the longest path longer.
    -#}
    {%- set tables = {
        'segmentation': 'dws_cst_segmentation',
        'behavior': 'dws_cst_behavior',
        'retention': 'dws_cst_retention',
        'ltv': 'ads_cst_ltv',
    } -%}
    {%- for relation in tables %}

restated_{{ relation }} as (

    select * from {{ ref('int_cst_restated_' ~ relation) }}

),
    {%- endfor %}

restated as (
    {%- for relation, table in tables.items() %}

    select
        *,
        '{{ table }}' as table_name

    from restated_{{ relation }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),
{% endmacro %}


{% macro restated_before(table) %}
    {#-
        What the last full run found of closed snapshots, where this one works out
        open ones alone.
    -#}
    select * from {{ source('published', table) }}

    where
        not {{ is_full_run() }}
        and snapshot_date in (
            select snapshots.snapshot_date from snapshots
            where snapshots.is_closed
        )
{% endmacro %}
