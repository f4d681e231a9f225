with

row_counts as (

    select * from {{ ref('int_cst_source_row_counts') }}

),

data_quality as (

    select
        {{ dbt_utils.generate_surrogate_key([
            'source_name', 'row_status', 'reason_code'
        ]) }} as data_quality_key,
        source_name,

        row_status,
        reason_code,
        reason_zh,
        reason_en,

        row_count,
        cast(row_count as double) / sum(row_count) over (
            partition by source_name
        ) as row_share

    from row_counts

)

select * from data_quality
