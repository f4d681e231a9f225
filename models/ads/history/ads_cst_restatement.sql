{%- set columns = [
    'restatement_key', 'customer_id', 'snapshot_date', 'known_date',
    'table_name', 'column_name', 'column_group', 'column_group_zh',
    'column_group_en', 'published_value', 'restated_value', 'published_number',
    'restated_number', 'difference', 'cause_code', 'cause_code_zh',
    'cause_code_en',
] -%}

with

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

restated_before as (
    {{ restated_before('ads_cst_restatement') }}
),
{{ restated_rows() }}
restated_today as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'customer_id', 'snapshot_date', 'table_name', 'column_name'
        ]) }} as restatement_key,
        customer_id,
        snapshot_date,
        (
            select max(snapshots.snapshot_date) from snapshots
            where snapshots.is_current
        ) as known_date,

        table_name,
        column_name,
        {{ labeled_code('column_group', 'column_group') }},

        published_value,
        restated_value,
        published_number,
        restated_number,
        -- who has no row adds nothing
        cast(
            case
                when coalesce(published_number, restated_number) is not null
                    then
                        coalesce(restated_number, 0)
                        - coalesce(published_number, 0)
            end as decimal(38, 6)
        ) as difference,

        {{ labeled_code('cause_code', 'restatement_cause', 'cause_code') }}

    from restated

),

restatement as (
    {%- for relation in ['restated_today', 'restated_before'] %}

    select
        {{ columns | join(',\n        ') }}

    from {{ relation }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from restatement
