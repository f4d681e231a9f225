{%- set columns = [
    'restatement_summary_key', 'snapshot_date', 'known_date', 'table_name',
    'column_name', 'column_group', 'column_group_zh', 'column_group_en',
    'cause_code', 'cause_code_zh', 'cause_code_en', 'restated_row_count',
    'published_total', 'restated_total', 'difference',
] -%}

with

snapshots as (

    select * from {{ ref('dim_cst_snapshot') }}

),

summary_before as (
    {{ restated_before('ads_cst_restatement_summary') }}
),

restated_totals as (

    select * from {{ ref('int_cst_restated_totals') }}

),

{{ restated_rows() }}
causes as (

    select
        snapshot_date,
        table_name,
        column_name,
        column_group,
        cause_code,
        count(*) as restated_row_count,
        sum(coalesce(restated_number, 0) - coalesce(published_number, 0))
            as number_difference

    from restated

    group by
        snapshot_date,
        table_name,
        column_name,
        column_group,
        cause_code

),

columns_restated as (

    select
        *,
        sum(number_difference) over (
            partition by snapshot_date, table_name, column_name
        ) as column_difference

    from causes

),

summary_today as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'columns_restated.snapshot_date', 'columns_restated.table_name',
            'columns_restated.column_name', 'columns_restated.cause_code',
        ]) }} as restatement_summary_key,

        columns_restated.snapshot_date,
        (
            select max(snapshots.snapshot_date) from snapshots
            where snapshots.is_current
        ) as known_date,

        columns_restated.table_name,
        columns_restated.column_name,
        {{ labeled_code('columns_restated.column_group', 'column_group') }},
        {{ labeled_code(
            'columns_restated.cause_code', 'restatement_cause', 'cause_code'
        ) }},

        columns_restated.restated_row_count,
        -- what does not add up has no total; a test compares it with the table
        cast(
            restated_totals.restated_total - columns_restated.column_difference
            as decimal(38, 6)
        ) as published_total,
        restated_totals.restated_total,
        cast(
            case
                when restated_totals.column_name is not null
                    then columns_restated.number_difference
            end as decimal(38, 6)
        ) as difference

    from columns_restated

    left join restated_totals
        on
            columns_restated.snapshot_date = restated_totals.snapshot_date
            and columns_restated.table_name = restated_totals.table_name
            and columns_restated.column_name = restated_totals.column_name

),

restatement_summary as (
    {%- for relation in ['summary_today', 'summary_before'] %}

    select
        {{ columns | join(',\n        ') }}

    from {{ relation }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from restatement_summary
